namespace CryptoBeacon.Portfolios.Domain;

/// <summary>Which lots a disposal takes, unless a question names another method.</summary>
internal enum CostBasisMethod
{
    Fifo,
    Lifo,
    Hifo,
    Average,
}
