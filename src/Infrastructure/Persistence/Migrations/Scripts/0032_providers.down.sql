drop function api_integration.take_weight(uuid, integer, interval, integer);
drop table api_integration.rate_limit_buckets;
drop table api_integration.provider_polls;
drop table api_integration.provider_quotes;
drop table api_integration.listings;

-- The providers stay, since keys may refer to them.
alter table api_integration.api_providers drop column priority, drop column poll_interval;
