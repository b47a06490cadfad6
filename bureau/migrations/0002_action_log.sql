-- What is insert-only stays as it was written, whoever asks: the owner of the tables too.
CREATE FUNCTION bureau_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% of % is refused: its rows are never changed or removed', TG_OP, TG_TABLE_NAME
        USING ERRCODE = 'restrict_violation';
END
$$;

CREATE TRIGGER bureau_actionrecord_insert_only BEFORE UPDATE OR DELETE ON bureau_actionrecord
    FOR EACH ROW EXECUTE FUNCTION bureau_refuse_change();
CREATE TRIGGER bureau_actionrecord_no_truncate BEFORE TRUNCATE ON bureau_actionrecord
    FOR EACH STATEMENT EXECUTE FUNCTION bureau_refuse_change();
