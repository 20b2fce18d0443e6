-- Up to p_limit entries that follow p_after, whose hash is p_hash (0 and genesis at the start): how many, the first that is not what was written
-- or is missing, and where to go on from.
create function audit.verify_entries(p_after bigint, p_hash bytea, p_limit integer)
    returns table (entries bigint, first_broken bigint, last_sequence bigint, last_hash bytea)
    language sql stable
as $$
    with part as (
        select e.* from audit.audit_entries e where e.sequence > p_after order by e.sequence limit p_limit
    ),
    linked as (
        select part.sequence, part.hash,
            lag(part.sequence, 1, p_after) over in_order + 1 as expected,
            part.previous_hash = lag(part.hash, 1, p_hash) over in_order and part.hash = audit.entry_hash(part) as is_whole
        from part
        window in_order as (order by part.sequence)
    )
    select count(*),
        least(
            min(expected) filter (where sequence <> expected),
            min(sequence) filter (where not is_whole),
            (select min(c.sequence) from audit.audit_checks c join linked l on l.sequence = c.sequence and l.hash <> c.hash
                where c.first_broken is null)),
        max(sequence),
        (array_agg(hash order by sequence desc))[1]
    from linked
$$;
