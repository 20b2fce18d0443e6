namespace CryptoBeacon.Trading.Domain.Lots;

/// <summary>Which lots a disposal takes.</summary>
internal enum CostBasisMethod
{
    Fifo,
    Lifo,
    Hifo,
    Average,
}
