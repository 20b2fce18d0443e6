namespace CryptoBeacon.Application.Security;

/// <summary>
/// Seals what the database must hold and may not know: a data key for each value, wrapped by the current key-encryption key. A sealed value
/// opens in its own row and column alone, so that moving it elsewhere gives nothing.
/// </summary>
public interface IFieldCipher
{
    byte[] Seal(ReadOnlySpan<byte> plaintext, FieldAddress field);

    /// <exception cref="SealedFieldException">Its key is not there or another, or the value is not what was sealed for this field.</exception>
    byte[] Open(ReadOnlySpan<byte> sealedValue, FieldAddress field);

    /// <summary>The same value with its data key wrapped by the current key; null where it is so already.</summary>
    /// <exception cref="SealedFieldException">Its key is not there or another.</exception>
    byte[]? Rewrap(ReadOnlySpan<byte> sealedValue);
}

/// <summary>Where a sealed value belongs.</summary>
/// <param name="Column"><c>schema.table.column</c></param>
/// <param name="RowId">The row's own id, which never changes.</param>
public readonly record struct FieldAddress(string Column, Guid RowId);

/// <summary>A sealed value can't be opened: the keys are not those it was sealed with, or it was tampered with.</summary>
public sealed class SealedFieldException(string message) : Exception(message);
