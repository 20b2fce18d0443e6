drop function api_integration.ticks_before(bigint, text, text, timestamptz);

create or replace function alerts.revise_alert() returns trigger
    language plpgsql
as $$
begin
    if (new.coin_id, new.condition, new.price, new.currency) is distinct from (old.coin_id, old.condition, old.price, old.currency) then
        new.is_met := alerts.is_met_now(new.condition, new.price, new.coin_id, new.currency);
        new.last_fired_at := null;
        new.armed_after := api_integration.last_price_batch();
    elsif new.is_active and not old.is_active then
        new.is_met := alerts.is_met_now(new.condition, new.price, new.coin_id, new.currency);
        new.armed_after := api_integration.last_price_batch();
    end if;

    new.revision := old.revision + 1;
    return new;
end;
$$;

drop index alerts.alerts_moving_met;
drop index alerts.alerts_moving_unmet;
drop index alerts.alerts_moving;
create index alerts_moving on alerts.alerts (coin_id, currency)
    where is_active and condition in ('percent_up', 'percent_down');

alter table alerts.alerts
    drop constraint alerts_paused_reason_check,
    drop constraint alerts_fired_lately_check,
    drop column paused_reason,
    drop column fired_lately;
