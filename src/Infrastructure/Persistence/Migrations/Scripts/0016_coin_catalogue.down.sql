-- The coins stay: trades may be in them, and the older schema can hold them.
drop function api_integration.coin_symbols();
