-- The running part of the member numbers that the portal gives out (psn_no).
CREATE SEQUENCE members_member_number;
