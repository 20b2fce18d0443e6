-- fired_lately: as_of of the prices at which it fired within three minutes before its newest firing, that one included. The fifteenth of them pauses the
-- alert, and paused_reason says why; armed again, it counts from none.
alter table alerts.alerts
    add fired_lately timestamptz[] not null default '{}',
    add paused_reason text,
    add constraint alerts_fired_lately_check check (cardinality(fired_lately) <= 15),
    add constraint alerts_paused_reason_check check (
        paused_reason is null or (paused_reason = 'too_many_firings' and not is_active));

grant update (fired_lately, paused_reason) on alerts.alerts to crypto_beacon_worker;

-- Which windows the movement alerts of a pair look back over; then those that a rise or a fall within one of them can change, as for the
-- other conditions: up to the largest one those that are not met, from the smallest one on those that are.
drop index alerts.alerts_moving;
create index alerts_moving on alerts.alerts (coin_id, currency, window_seconds)
    where is_active and condition in ('percent_up', 'percent_down');
create index alerts_moving_unmet on alerts.alerts (coin_id, currency, window_seconds, condition, price)
    where is_active and condition in ('percent_up', 'percent_down') and is_met is not true;
create index alerts_moving_met on alerts.alerts (coin_id, currency, window_seconds, condition, price)
    where is_active and condition in ('percent_up', 'percent_down') and is_met;

-- Another window is another question, too.
create or replace function alerts.revise_alert() returns trigger
    language plpgsql
as $$
begin
    if (new.coin_id, new.condition, new.price, new.currency, new.window_seconds)
        is distinct from (old.coin_id, old.condition, old.price, old.currency, old.window_seconds)
    then
        new.is_met := alerts.is_met_now(new.condition, new.price, new.coin_id, new.currency);
        new.last_fired_at := null;
        new.fired_lately := '{}';
        new.armed_after := api_integration.last_price_batch();
    elsif new.is_active and not old.is_active then
        new.is_met := alerts.is_met_now(new.condition, new.price, new.coin_id, new.currency);
        new.fired_lately := '{}';
        new.armed_after := api_integration.last_price_batch();
    end if;

    new.revision := old.revision + 1;
    return new;
end;
$$;

-- Published to all modules: what the batches before one have said of a pair from a time on, without what was late when it came.
create function api_integration.ticks_before(p_batch bigint, p_coin_id text, p_currency text, p_from timestamptz)
    returns table (price numeric, as_of timestamptz)
    language sql stable parallel safe
as $$
    select tick.price, tick.as_of
    from api_integration.price_ticks tick
    where tick.coin_id = p_coin_id and tick.currency = p_currency and tick.as_of >= p_from
        and tick.batch_sequence < p_batch and not tick.is_late
$$;
