drop table watchlists.watchlist_items;
drop table watchlists.watchlists;
