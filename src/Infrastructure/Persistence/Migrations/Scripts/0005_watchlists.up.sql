create table watchlists.watchlists (
    id uuid constraint watchlists_pkey primary key,
    user_id uuid not null,
    name text not null,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    is_default boolean not null default false,
    "order" jsonb,

    constraint watchlists_id_user_id_key unique (id, user_id),
    constraint watchlists_user_id_fkey foreign key (user_id) references identity.users (id)
        on delete cascade deferrable initially deferred,
    constraint watchlists_name_check check (char_length(name) between 1 and 100),
    constraint watchlists_order_check check (jsonb_typeof("order") = 'array'),
    constraint watchlists_times_check check (platform.not_in_future(greatest(created_at, updated_at)))
);

create index watchlists_user_id on watchlists.watchlists (user_id);
create unique index watchlists_one_default on watchlists.watchlists (user_id) where is_default;

create table watchlists.watchlist_items (
    id uuid constraint watchlist_items_pkey primary key,
    watchlist_id uuid not null,
    user_id uuid not null,
    coin_id text not null,
    added_at timestamptz not null default now(),
    notes text,
    custom_alerts jsonb,

    constraint watchlist_items_id_user_id_key unique (id, user_id),
    constraint watchlist_items_watchlist_id_coin_id_key unique (watchlist_id, coin_id),
    constraint watchlist_items_watchlist_id_fkey foreign key (watchlist_id, user_id) references watchlists.watchlists (id, user_id)
        on delete cascade deferrable initially deferred,
    constraint watchlist_items_coin_id_check check (platform.is_coin_id(coin_id)),
    constraint watchlist_items_notes_check check (char_length(notes) <= 4000),
    constraint watchlist_items_custom_alerts_check check (jsonb_typeof(custom_alerts) = 'array'),
    constraint watchlist_items_times_check check (platform.not_in_future(added_at))
);

create index watchlist_items_user_id on watchlists.watchlist_items (user_id);

alter table watchlists.watchlists enable row level security, force row level security;
alter table watchlists.watchlist_items enable row level security, force row level security;

create policy watchlists_of_user on watchlists.watchlists to crypto_beacon_app
    using (user_id = platform.current_user_id()) with check (user_id = platform.current_user_id());
create policy watchlist_items_of_user on watchlists.watchlist_items to crypto_beacon_app
    using (user_id = platform.current_user_id()) with check (user_id = platform.current_user_id());

grant select, insert, update, delete on watchlists.watchlists, watchlists.watchlist_items to crypto_beacon_app;
