using Lungfish.Bench;
using Lungfish.Bench.Hosting;

return args switch
{
    ["run", .. var rest] => await BenchCommand.RunAsync(rest),
    ["serve", var dataDirectory] => await ServeCommand.RunAsync(dataDirectory), // These two are started by "run".
    ["floor", var logFile] => await FloorCommand.RunAsync(logFile),
    _ => BenchCommand.ShowUsage(),
};
