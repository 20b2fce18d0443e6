drop index api_integration.price_batches_evaluated_at;

alter table api_integration.price_batches drop column alerts_evaluated;
