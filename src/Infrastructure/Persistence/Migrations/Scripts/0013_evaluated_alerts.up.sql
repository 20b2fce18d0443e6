-- How much work the evaluation of alerts does, for whoever runs the installation. Adding a column without a default rewrites nothing; the index
-- locks writes to a table that keeps a month of batches.

alter table api_integration.price_batches
    add column alerts_evaluated integer,
    add constraint price_batches_alerts_evaluated_check check (alerts_evaluated >= 0);

create index price_batches_evaluated_at on api_integration.price_batches (evaluated_at);

grant update (alerts_evaluated) on api_integration.price_batches to crypto_beacon_worker;
