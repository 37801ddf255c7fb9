-- Profile UUIDs in the one form that model/text/ids_text.h reads: hex digits in upper case, without dashes. Operators could give
-- them in another one, and then no device of the rule ever counted as having its profile.

UPDATE OR REPLACE assigner SET profile_uuid = upper(replace(profile_uuid, '-', ''))
  WHERE profile_uuid GLOB '*[-a-f]*' AND profile_uuid NOT GLOB '*[^-0-9A-Fa-f]*' AND (instr(profile_uuid, '-') = 0 OR length(profile_uuid) = 36);
UPDATE OR REPLACE profile SET uuid = upper(replace(uuid, '-', ''))
  WHERE uuid GLOB '*[-a-f]*' AND uuid NOT GLOB '*[^-0-9A-Fa-f]*' AND (instr(uuid, '-') = 0 OR length(uuid) = 36);
UPDATE OR REPLACE current_profile SET uuid = upper(replace(uuid, '-', ''))
  WHERE uuid GLOB '*[-a-f]*' AND uuid NOT GLOB '*[^-0-9A-Fa-f]*' AND (instr(uuid, '-') = 0 OR length(uuid) = 36);
UPDATE OR REPLACE profile_move SET from_uuid = upper(replace(from_uuid, '-', ''))
  WHERE from_uuid GLOB '*[-a-f]*' AND from_uuid NOT GLOB '*[^-0-9A-Fa-f]*' AND (instr(from_uuid, '-') = 0 OR length(from_uuid) = 36);
UPDATE OR REPLACE profile_move SET to_uuid = upper(replace(to_uuid, '-', ''))
  WHERE to_uuid GLOB '*[-a-f]*' AND to_uuid NOT GLOB '*[^-0-9A-Fa-f]*' AND (instr(to_uuid, '-') = 0 OR length(to_uuid) = 36);
UPDATE OR REPLACE assignment SET profile_uuid = upper(replace(profile_uuid, '-', ''))
  WHERE profile_uuid GLOB '*[-a-f]*' AND profile_uuid NOT GLOB '*[^-0-9A-Fa-f]*' AND (instr(profile_uuid, '-') = 0 OR length(profile_uuid) = 36);
UPDATE OR REPLACE device SET profile_uuid = upper(replace(profile_uuid, '-', ''))
  WHERE profile_uuid GLOB '*[-a-f]*' AND profile_uuid NOT GLOB '*[^-0-9A-Fa-f]*' AND (instr(profile_uuid, '-') = 0 OR length(profile_uuid) = 36);
UPDATE OR REPLACE device SET desired_profile = upper(replace(desired_profile, '-', ''))
  WHERE desired_profile GLOB '*[-a-f]*' AND desired_profile NOT GLOB '*[^-0-9A-Fa-f]*' AND (instr(desired_profile, '-') = 0 OR length(desired_profile) = 36);
UPDATE OR REPLACE profile_trouble SET uuid = upper(replace(uuid, '-', ''))
  WHERE uuid GLOB '*[-a-f]*' AND uuid NOT GLOB '*[^-0-9A-Fa-f]*' AND (instr(uuid, '-') = 0 OR length(uuid) = 36);

-- The devices by profile, counted again as in step 8.
DELETE FROM kept_count WHERE kind = 3;
INSERT INTO kept_count SELECT account, 3, profile_uuid, count(*) FROM device
  WHERE profile_status IN ('assigned', 'pushed') AND tombstone_at IS NULL GROUP BY account, profile_uuid;
