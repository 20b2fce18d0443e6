-- is_met: whether the condition held at the newest price; NULL until there was one. A level asks only what comes after it was armed, an edge
-- also the price that was known then: it needs one on the other side. An alert fires on its change to true.
-- last_fired_at: as_of of the price at which it fired last, from which its cooldown runs; triggered_at is when the server saw it.
-- armed_after: the newest price batch when the alert was armed; only those that come after it concern the alert.
-- revision: the version of what its owner may write; prices don't change it.
-- An alert that has fired is deleted by deleted_at, since its history refers to it; it then lets go of its watchlist item.
create table alerts.alerts (
    id uuid constraint alerts_pkey primary key,
    user_id uuid not null,
    coin_id text not null,
    condition text not null,
    price numeric not null,
    currency text not null default 'USD',
    created_at timestamptz not null default now(),
    expires_at timestamptz,
    is_active boolean not null default true,
    notification_channels text[] not null default array['app'],
    triggered_at timestamptz,
    notes text,
    repeat text not null default 'once',
    cooldown_seconds integer not null default 0,
    hysteresis_percent numeric not null default 0,
    window_seconds integer,
    is_met boolean,
    last_fired_at timestamptz,
    armed_after bigint not null default api_integration.last_price_batch(),
    origin_id uuid,
    deleted_at timestamptz,
    revision bigint not null default 1,

    constraint alerts_id_user_id_key unique (id, user_id),
    constraint alerts_user_id_fkey foreign key (user_id) references identity.users (id)
        on delete cascade deferrable initially deferred,
    constraint alerts_origin_id_fkey foreign key (origin_id, user_id) references watchlists.watchlist_items (id, user_id)
        deferrable initially deferred,
    constraint alerts_coin_id_check check (platform.is_coin_id(coin_id)),
    constraint alerts_condition_check check (
        condition in ('above', 'below', 'crosses_above', 'crosses_below', 'percent_up', 'percent_down')),
    constraint alerts_price_check check (platform.is_decimal28(price) and price >= 0),
    constraint alerts_currency_check check (platform.is_currency(currency)),
    constraint alerts_notification_channels_check check (
        cardinality(notification_channels) > 0 and notification_channels <@ array['app', 'email', 'push', 'sms', 'webhook']),
    constraint alerts_notes_check check (char_length(notes) <= 4000),
    constraint alerts_repeat_check check (repeat in ('once', 'every_crossing')),
    constraint alerts_cooldown_seconds_check check (cooldown_seconds >= 0),
    constraint alerts_hysteresis_percent_check check (
        platform.is_decimal28(hysteresis_percent) and hysteresis_percent >= 0 and hysteresis_percent < 100),
    constraint alerts_window_seconds_check check (
        (condition in ('percent_up', 'percent_down')) = (window_seconds is not null) and window_seconds > 0),
    constraint alerts_deleted_at_check check (deleted_at is null or (not is_active and origin_id is null)),
    constraint alerts_times_check check (
        platform.not_in_future(greatest(created_at, triggered_at, last_fired_at, deleted_at)))
);

create index alerts_user_id_is_active on alerts.alerts (user_id, is_active);
create index alerts_coin_id_price_condition on alerts.alerts (coin_id, price, condition) where is_active;
create index alerts_origin_id on alerts.alerts (origin_id) where origin_id is not null;

-- Which currencies a coin's alerts ask for, and which of them expire.
create index alerts_asked on alerts.alerts (coin_id, currency, expires_at) where is_active;
-- What a batch of prices can change, each alert in one of the first four: with the batch's highest price, those above that are not
-- met and those below that are; with its lowest, those above that are met and those below that are not. An edge condition that has
-- seen no price yet learns from the first one on which side it is; a level condition fires from not knowing as from not being met.
create index alerts_above_unmet on alerts.alerts (coin_id, currency, price)
    where is_active and condition in ('above', 'crosses_above') and is_met is not true;
create index alerts_above_met on alerts.alerts (coin_id, currency, price)
    where is_active and condition in ('above', 'crosses_above') and is_met;
create index alerts_below_unmet on alerts.alerts (coin_id, currency, price)
    where is_active and condition in ('below', 'crosses_below') and is_met is not true;
create index alerts_below_met on alerts.alerts (coin_id, currency, price)
    where is_active and condition in ('below', 'crosses_below') and is_met;
create index alerts_edge_unknown on alerts.alerts (coin_id, currency, condition)
    where is_active and condition in ('crosses_above', 'crosses_below') and is_met is null;
create index alerts_moving on alerts.alerts (coin_id, currency)
    where is_active and condition in ('percent_up', 'percent_down');

create function alerts.is_met_now(p_condition text, p_price numeric, p_coin_id text, p_currency text) returns boolean
    language sql stable
as $$
    select case p_condition when 'crosses_above' then rate.price >= p_price else rate.price <= p_price end
    from api_integration.rate_at(p_coin_id, p_currency, now()) rate
    where p_condition in ('crosses_above', 'crosses_below')
$$;

create function alerts.arm_alert() returns trigger
    language plpgsql
as $$
begin
    new.is_met := alerts.is_met_now(new.condition, new.price, new.coin_id, new.currency);
    return new;
end;
$$;

create trigger alerts_armed before insert on alerts.alerts
    for each row when (new.is_met is null and new.condition in ('crosses_above', 'crosses_below'))
    execute function alerts.arm_alert();

-- A new question, or the old one put again, forgets what earlier prices said.
create function alerts.revise_alert() returns trigger
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

create trigger alerts_revised before update on alerts.alerts
    for each row when (
        (new.coin_id, new.condition, new.price, new.currency, new.expires_at, new.is_active, new.notification_channels, new.notes,
            new.repeat, new.cooldown_seconds, new.hysteresis_percent, new.window_seconds, new.deleted_at)
        is distinct from
        (old.coin_id, old.condition, old.price, old.currency, old.expires_at, old.is_active, old.notification_channels, old.notes,
            old.repeat, old.cooldown_seconds, old.hysteresis_percent, old.window_seconds, old.deleted_at))
    execute function alerts.revise_alert();

-- Cooldown: of times in ascending order, the last one taken when each must follow the one taken before it by p_apart; p_before is
-- the one taken before the first.
create function alerts.take_spaced(p_taken timestamptz, p_at timestamptz, p_before timestamptz, p_apart interval) returns timestamptz
    language sql immutable parallel safe
    return case when p_at < coalesce(p_taken, p_before) + p_apart then coalesce(p_taken, p_before) else p_at end;

create aggregate alerts.last_spaced(p_at timestamptz, p_before timestamptz, p_apart interval) (
    sfunc = alerts.take_spaced,
    stype = timestamptz
);

create sequence alerts.alert_history_sequence as bigint;

-- As with price batches: firings become visible in the order of their numbers, so that a stream resumes without loss.
create function alerts.next_alert_history() returns bigint
    language plpgsql
as $$
begin
    perform pg_advisory_xact_lock(hashtextextended('alerts.alert_history', 0));
    return nextval('alerts.alert_history_sequence');
end;
$$;

create table alerts.alert_history (
    id uuid constraint alert_history_pkey primary key default platform.uuid_v7(),
    sequence bigint not null default alerts.next_alert_history(),
    alert_id uuid not null,
    user_id uuid not null,
    triggered_at timestamptz not null default now(),
    price_at_trigger numeric not null,
    currency text not null,
    provider text not null,
    price_as_of timestamptz not null,
    notification_sent boolean not null default false,
    notification_channels text[],

    constraint alert_history_id_user_id_key unique (id, user_id),
    constraint alert_history_sequence_key unique (sequence),
    constraint alert_history_user_id_fkey foreign key (user_id) references identity.users (id)
        on delete cascade deferrable initially deferred,
    constraint alert_history_alert_id_fkey foreign key (alert_id, user_id) references alerts.alerts (id, user_id)
        deferrable initially deferred,
    constraint alert_history_price_at_trigger_check check (platform.is_decimal28(price_at_trigger) and price_at_trigger >= 0),
    constraint alert_history_currency_check check (platform.is_currency(currency)),
    constraint alert_history_provider_check check (char_length(provider) between 1 and 100),
    constraint alert_history_notification_channels_check check (
        notification_channels <@ array['app', 'email', 'push', 'sms', 'webhook']),
    constraint alert_history_times_check check (platform.not_in_future(greatest(triggered_at, price_as_of)))
);

create index alert_history_user_id_sequence on alerts.alert_history (user_id, sequence);
create index alert_history_alert_id on alerts.alert_history (alert_id, sequence);

create table alerts.alert_deliveries (
    history_id uuid not null,
    channel text not null,
    user_id uuid not null,
    status text not null default 'pending',
    attempts integer not null default 0,
    last_error text,
    sent_at timestamptz,

    constraint alert_deliveries_pkey primary key (history_id, channel),
    constraint alert_deliveries_history_id_fkey foreign key (history_id, user_id) references alerts.alert_history (id, user_id)
        on delete cascade deferrable initially deferred,
    constraint alert_deliveries_channel_check check (channel in ('app', 'email', 'push', 'sms', 'webhook')),
    constraint alert_deliveries_status_check check (status in ('pending', 'sent', 'failed', 'disabled')),
    constraint alert_deliveries_sent_at_check check ((status = 'sent') = (sent_at is not null)),
    constraint alert_deliveries_attempts_check check (attempts >= 0),
    constraint alert_deliveries_last_error_check check (char_length(last_error) <= 4000),
    constraint alert_deliveries_times_check check (platform.not_in_future(sent_at))
);

create index alert_deliveries_user_id on alerts.alert_deliveries (user_id);
create index alert_deliveries_pending on alerts.alert_deliveries (history_id) where status = 'pending';

-- Wakes the streams of those whose alerts fired; what fired, they read.
create function alerts.announce_alert_history() returns trigger
    language plpgsql
as $$
begin
    perform pg_notify('alert_fired', user_id::text) from (select distinct user_id from fired) affected;
    return null;
end;
$$;

create trigger alert_history_announced after insert on alerts.alert_history
    referencing new table as fired
    for each statement execute function alerts.announce_alert_history();

-- Lets in what can't send a header, once: a hash, and until when the stream that it opens may go on.
create table alerts.stream_tickets (
    token_hash bytea constraint stream_tickets_pkey primary key,
    user_id uuid not null,
    session_id uuid,
    expires_at timestamptz not null,
    stream_ends_at timestamptz,

    constraint stream_tickets_user_id_fkey foreign key (user_id) references identity.users (id)
        on delete cascade deferrable initially deferred
);

create index stream_tickets_user_id on alerts.stream_tickets (user_id);

-- Nobody is signed in yet when a ticket comes, hence the definer. Of two who come with the same ticket, one is let in.
create function alerts.redeem_stream_ticket(p_token_hash bytea, p_now timestamptz)
    returns table (user_id uuid, session_id uuid, stream_ends_at timestamptz)
    language sql security definer set search_path = pg_catalog, pg_temp
as $$
    delete from alerts.stream_tickets t
    where t.token_hash = p_token_hash and t.expires_at > p_now
    returning t.user_id, t.session_id, t.stream_ends_at;
$$;

grant usage, create on schema alerts to crypto_beacon_auth;
revoke all on function alerts.redeem_stream_ticket(bytea, timestamptz) from public;
alter function alerts.redeem_stream_ticket(bytea, timestamptz) owner to crypto_beacon_auth;
revoke create on schema alerts from crypto_beacon_auth;
grant execute on function alerts.redeem_stream_ticket(bytea, timestamptz) to crypto_beacon_app;


alter table alerts.stream_tickets enable row level security, force row level security;
alter table alerts.alerts enable row level security, force row level security;
alter table alerts.alert_history enable row level security, force row level security;
alter table alerts.alert_deliveries enable row level security, force row level security;

create policy alerts_of_user on alerts.alerts to crypto_beacon_app
    using (user_id = platform.current_user_id()) with check (user_id = platform.current_user_id());
create policy alert_history_of_user on alerts.alert_history for select to crypto_beacon_app
    using (user_id = platform.current_user_id());
create policy alert_deliveries_of_user on alerts.alert_deliveries for select to crypto_beacon_app
    using (user_id = platform.current_user_id());

create policy stream_tickets_of_user on alerts.stream_tickets to crypto_beacon_app
    using (user_id = platform.current_user_id()) with check (user_id = platform.current_user_id());
create policy stream_tickets_auth on alerts.stream_tickets to crypto_beacon_auth using (true) with check (true);

create policy alerts_evaluated on alerts.alerts to crypto_beacon_worker using (true) with check (true);
create policy alert_history_written on alerts.alert_history to crypto_beacon_worker using (true) with check (true);
create policy alert_deliveries_made on alerts.alert_deliveries to crypto_beacon_worker using (true) with check (true);

grant select, insert, update, delete on alerts.alerts to crypto_beacon_app;
grant select on alerts.alert_history, alerts.alert_deliveries to crypto_beacon_app;
grant select, insert, delete on alerts.stream_tickets to crypto_beacon_app;
grant select, delete on alerts.stream_tickets to crypto_beacon_auth;

grant select, update (is_active, is_met, triggered_at, last_fired_at) on alerts.alerts to crypto_beacon_worker;
grant select, insert, update (notification_sent, notification_channels) on alerts.alert_history to crypto_beacon_worker;
grant select, insert, update (status, attempts, last_error, sent_at) on alerts.alert_deliveries to crypto_beacon_worker;
grant usage on sequence alerts.alert_history_sequence to crypto_beacon_worker;
