DROP TRIGGER bureau_actionrecord_no_truncate ON bureau_actionrecord;
DROP TRIGGER bureau_actionrecord_insert_only ON bureau_actionrecord;
DROP FUNCTION bureau_refuse_change();
