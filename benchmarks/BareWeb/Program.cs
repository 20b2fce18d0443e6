// The limit that the server's start is measured beside: a web application of one line, published in the same way.
var app = WebApplication.CreateBuilder(args).Build();
app.MapGet("/health/ready", () => "ready");
await app.RunAsync();
