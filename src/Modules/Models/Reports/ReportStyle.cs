namespace CryptoBeacon.Models.Reports;

/// <summary>Light and dark, wide and narrow, and on paper.</summary>
internal static class ReportStyle
{
    public const string Css = """
        :root {
          color-scheme: light dark;
          --ground: light-dark(#f4f5f7, #14171c);
          --sheet: light-dark(#ffffff, #1d2129);
          --ink: light-dark(#1b1f27, #e8eaef);
          --faint: light-dark(#5c6474, #9aa3b5);
          --line: light-dark(#dde1e8, #333947);
          --accent: light-dark(#0b57c2, #7db2ff);
          --good: light-dark(#1a6b36, #7bd69a);
          --bad: light-dark(#a3160f, #ff9a92);
        }
        * { box-sizing: border-box; }
        body { margin: 0; background: var(--ground); color: var(--ink); font: 1rem/1.5 system-ui, sans-serif; }
        main { max-width: 64rem; margin: 0 auto; padding: 1.5rem 1rem 3rem; }
        header p, .note, figcaption { color: var(--faint); }
        h1 { margin: 0; font-size: 1.75rem; line-height: 1.2; overflow-wrap: anywhere; }
        h2 { margin: 0 0 0.75rem; font-size: 1.125rem; }
        header p { margin: 0.25rem 0 0; }
        section { margin-top: 1.25rem; padding: 1rem 1.25rem; background: var(--sheet); border: 1px solid var(--line); border-radius: 0.5rem; }
        .note { margin: 0.5rem 0 0; font-size: 0.875rem; }
        .figures { display: grid; grid-template-columns: repeat(auto-fit, minmax(9rem, 1fr)); gap: 1rem; margin: 0; }
        .figures dt { color: var(--faint); font-size: 0.875rem; }
        .figures dd { margin: 0; font-size: 1.375rem; font-variant-numeric: tabular-nums; }
        figure { margin: 0; }
        figure + figure { margin-top: 1.25rem; }
        figcaption { margin-bottom: 0.25rem; font-size: 0.875rem; }
        .key { display: inline-block; width: 1.25rem; height: 0; margin: 0 0.375rem 0.25rem 0; border-top: 2px solid var(--accent); }
        .key + .key, .key.other { margin-left: 1rem; }
        .key.other { border-top: 2px dashed var(--faint); }
        svg { display: block; width: 100%; height: auto; }
        svg text { fill: var(--faint); font-size: 10px; font-variant-numeric: tabular-nums; stroke: var(--sheet); stroke-width: 0.3em; stroke-linejoin: round; paint-order: stroke; }
        .rule { stroke: var(--line); }
        .curve { fill: none; stroke: var(--accent); stroke-width: 1.5; stroke-linejoin: round; }
        .other { fill: none; stroke: var(--faint); stroke-width: 1.25; stroke-dasharray: 4 3; }
        .plain { fill: none; stroke: var(--faint); stroke-width: 1.25; stroke-linejoin: round; }
        .area { fill: var(--bad); fill-opacity: 0.18; stroke: var(--bad); stroke-width: 1; }
        .enter { fill: var(--good); }
        .leave { fill: var(--bad); }
        .scroll { overflow-x: auto; }
        table { width: 100%; border-collapse: collapse; font-size: 0.875rem; }
        th, td { padding: 0.375rem 0.75rem 0.375rem 0; border-bottom: 1px solid var(--line); text-align: left; vertical-align: top; }
        thead th { color: var(--faint); font-weight: 400; white-space: nowrap; }
        tbody th { font-weight: 600; }
        tr:last-child th, tr:last-child td { border-bottom: 0; }
        .number { text-align: right; white-space: nowrap; font-variant-numeric: tabular-nums; }
        .formula { color: var(--faint); min-width: 14rem; }
        .good { color: var(--good); }
        .bad { color: var(--bad); }
        .months th, .months td { padding: 0.25rem 0.375rem; text-align: right; }
        .months tbody th { text-align: left; }
        .months .good { background: color-mix(in srgb, var(--good) 10%, transparent); }
        .months .bad { background: color-mix(in srgb, var(--bad) 10%, transparent); }
        .trades td { white-space: nowrap; }
        .hash, pre { font: 0.8125rem/1.5 ui-monospace, monospace; overflow-wrap: anywhere; white-space: pre-wrap; }
        pre { margin: 0; }
        @media (max-width: 40rem) {
          main { padding: 1rem 0.75rem 2rem; }
          section { padding: 0.875rem; }
          .figures dd { font-size: 1.125rem; }
          .figures { grid-template-columns: repeat(2, 1fr); }
          svg text { font-size: 21px; }
          .minor { display: none; }
        }
        @media print {
          :root { color-scheme: light; }
          body { background: none; font-size: 0.8125rem; }
          main { max-width: none; padding: 0; }
          section { padding: 0.75rem 0; border: 0; border-top: 1px solid var(--line); border-radius: 0; }
          figure, tr { break-inside: avoid; }
          h2 { break-after: avoid; }
          .scroll { overflow: visible; }
        }
        """;
}
