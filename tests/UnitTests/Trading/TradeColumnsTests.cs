using CryptoBeacon.Trading.Files;
using FsCheck;
using FsCheck.Fluent;

namespace CryptoBeacon.UnitTests.Trading;

internal sealed class TradeColumnsTests
{
    [TestCase("=1+1", "'=1+1")]
    [TestCase("@SUM(A1)", "'@SUM(A1)")]
    [TestCase("'tis", "''tis")]
    [TestCase("plain", "plain")]
    public void A_cell_that_a_spreadsheet_would_run_is_marked_as_text(string text, string cell) =>
        Assert.That(TradeColumns.ToCell(text), Is.EqualTo(cell));

    [Test]
    public void An_apostrophe_that_marks_nothing_stays() =>
        Assert.That(TradeColumns.FromCell("'tis"), Is.EqualTo("'tis"));

    [FsCheck.NUnit.Property]
    public bool Every_text_comes_back_from_its_cell(NonNull<string> text) =>
        TradeColumns.FromCell(TradeColumns.ToCell(text.Get)!) == text.Get;

    [FsCheck.NUnit.Property]
    public Property Tags_come_back_whatever_they_contain() =>
        Prop.ForAll(
            Gen.Elements('a', ';', '\\', '=', '\'', ',', '"', 'ü')
                .NonEmptyListOf()
                .Select(string.Concat)
                .ListOf()
                .ToArbitrary(),
            tags => TradeColumns.SplitTags(TradeColumns.JoinTags(tags)).SequenceEqual(tags)
        );
}
