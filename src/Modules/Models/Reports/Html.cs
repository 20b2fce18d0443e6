using System.Globalization;
using System.Xml.Linq;

namespace CryptoBeacon.Models.Reports;

/// <summary>Elements of a page, and of the pictures in it. What is put into them is encoded, whatever it is.</summary>
internal static class Html
{
    public static XElement Tag(string name, params object?[] content) => new(name, content);

    public static XElement Tag(string name, string text) => new(name, text);

    public static XElement Tag(string name, string kind, params object?[] content) => new(name, Class(kind), content);

    public static XAttribute Class(string kind) => new("class", kind);

    public static XAttribute Set(string name, object value) => new(name, value);

    public static XElement Section(string title, params object?[] content) => Tag("section", Tag("h2", title), content);

    /// <summary>A table that scrolls by itself where the page is narrow.</summary>
    public static XElement Table(string kind, IEnumerable<string> heads, IEnumerable<XElement> rows) =>
        Tag(
            "div",
            "scroll",
            Tag(
                "table",
                kind,
                Tag("thead", Tag("tr", heads.Select(head => Tag("th", Set("scope", "col"), head)))),
                Tag("tbody", rows)
            )
        );

    public static XElement Row(params object?[] cells) => Tag("tr", cells);

    public static XElement Cell(string text) => Tag("td", text);

    public static XElement NumberCell(string text, string kind = "") => Tag("td", $"number {kind}".TrimEnd(), text);

    public static XElement HeadCell(string text) => Tag("th", Set("scope", "row"), text);

    public static string Coordinate(double length) => length.ToString("0.#", CultureInfo.InvariantCulture);
}
