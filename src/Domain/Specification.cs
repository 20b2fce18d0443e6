using System.Linq.Expressions;

namespace CryptoBeacon.Domain;

/// <summary>
/// A named question to a set of <typeparamref name="T"/>. The names are those of Ardalis.Specification, so that the
/// package can take this file's place.
/// </summary>
public abstract class Specification<T>
{
    private readonly SpecificationBuilder<T> _builder = new();

    public IReadOnlyList<Expression<Func<T, bool>>> WhereExpressions => _builder.Wheres;

    public IReadOnlyList<(Expression<Func<T, object?>> KeySelector, bool Descending)> OrderExpressions =>
        _builder.Orders;

    public int? Take => _builder.Limit;

    /// <summary>Whether the rows are locked until the transaction ends, so that what is decided on them still holds when it is written.</summary>
    public bool IsForUpdate => _builder.LocksRows;

    protected SpecificationBuilder<T> Query => _builder;
}

/// <summary>Collects the parts of a <see cref="Specification{T}"/>.</summary>
public sealed class SpecificationBuilder<T>
{
    internal List<Expression<Func<T, bool>>> Wheres { get; } = [];

    internal List<(Expression<Func<T, object?>> KeySelector, bool Descending)> Orders { get; } = [];

    internal int? Limit { get; private set; }

    internal bool LocksRows { get; private set; }

    public SpecificationBuilder<T> Where(Expression<Func<T, bool>> criteria)
    {
        Wheres.Add(criteria);
        return this;
    }

    public SpecificationBuilder<T> OrderBy(Expression<Func<T, object?>> key)
    {
        Orders.Add((key, false));
        return this;
    }

    public SpecificationBuilder<T> OrderByDescending(Expression<Func<T, object?>> key)
    {
        Orders.Add((key, true));
        return this;
    }

    public SpecificationBuilder<T> Take(int count)
    {
        Limit = count;
        return this;
    }

    public SpecificationBuilder<T> ForUpdate()
    {
        LocksRows = true;
        return this;
    }
}
