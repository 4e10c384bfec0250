using Lungfish.Bench;
using Lungfish.Bench.Hosting;
using Lungfish.Bench.InProcess;
using Lungfish.Bench.Jsonata;
using Lungfish.Bench.MapRuns;
using Lungfish.Bench.Scale;
using Lungfish.Bench.Sleepers;

return args switch
{
    ["run", "interpreter", .. var rest] => InterpreterCommand.Run(rest),
    ["run", "jsonata", .. var rest] => await JsonataCommand.RunAsync(rest),
    ["jsonata-child"] => JsonataChild.Run(), // Started by the one before.
    ["run", "map", .. var rest] => await MapCommand.RunAsync(rest),
    ["map-child", var kind, var count] => await MapChild.RunAsync(kind, count), // Started by the one before.
    ["run", "sleepers", .. var rest] => await SleepersCommand.RunAsync(rest),
    ["run", "million", .. var rest] => await MillionCommand.RunAsync(rest),
    ["run", "crash", .. var rest] => await CrashCommand.RunAsync(rest),
    ["run", "load", .. var rest] => await LoadCommand.RunAsync(rest),
    ["run", "start", .. var rest] => await StartCommand.RunAsync(rest),
    ["run", "render", var page] => await RenderCommand.RunAsync(page),
    ["run", .. var rest] => await BenchCommand.RunAsync(rest),
    ["serve", var dataDirectory] => await ServeCommand.RunAsync(dataDirectory), // These two are started by "run".
    ["floor", var logFile] => await FloorCommand.RunAsync(logFile),
    _ => BenchCommand.ShowUsage(),
};
