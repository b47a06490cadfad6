-- A child row's area is its parent's: no row of one city under a member of another.
-- Immediate, so that the offending statement is the one that fails.
ALTER TABLE members_member ADD CONSTRAINT member_employer_is_of_its_area
    FOREIGN KEY (employer_id, area_id) REFERENCES members_employer (id, area_id);
ALTER TABLE members_account ADD CONSTRAINT account_area_is_its_members
    FOREIGN KEY (member_id, area_id) REFERENCES members_member (id, area_id);
ALTER TABLE members_entry ADD CONSTRAINT entry_area_is_its_accounts
    FOREIGN KEY (account_id, area_id) REFERENCES members_account (id, area_id);
ALTER TABLE members_yeartotal ADD CONSTRAINT year_total_area_is_its_members
    FOREIGN KEY (member_id, area_id) REFERENCES members_member (id, area_id);
ALTER TABLE members_contribution ADD CONSTRAINT contribution_area_is_its_members
    FOREIGN KEY (member_id, area_id) REFERENCES members_member (id, area_id);
ALTER TABLE members_signedcontract ADD CONSTRAINT contract_area_is_its_members
    FOREIGN KEY (member_id, area_id) REFERENCES members_member (id, area_id);
