DROP SEQUENCE members_member_number;
