ALTER TABLE members_yeartotal RESET (fillfactor);
DROP TRIGGER members_yeartotal_no_delete ON members_yeartotal;
DROP TRIGGER members_yeartotal_is_settled ON members_yeartotal;
DROP TRIGGER members_yeartotal_opens_at_zero ON members_yeartotal;
