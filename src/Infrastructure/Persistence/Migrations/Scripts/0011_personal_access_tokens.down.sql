drop function identity.use_personal_access_token(bytea, timestamptz);
drop table identity.personal_access_tokens;
