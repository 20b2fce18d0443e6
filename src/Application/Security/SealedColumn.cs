namespace CryptoBeacon.Application.Security;

/// <summary>A column of values that <see cref="IFieldCipher"/> has sealed: a start looks whether they can be opened, and a rotation wraps them anew.</summary>
/// <param name="Table"><c>schema.table</c>; the database's owner may read it and update the column.</param>
/// <param name="IdColumn">Of the row's own id, a uuid.</param>
/// <param name="IsText">Whether it holds the sealed bytes in base64.</param>
public sealed record SealedColumn(string Table, string IdColumn, string Column, bool IsText = false)
{
    public FieldAddress Of(Guid rowId) => new($"{Table}.{Column}", rowId);
}
