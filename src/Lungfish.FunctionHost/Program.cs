using System.Globalization;
using Lungfish.FunctionHost;

// Runs a .NET class library as a function: takes its invocations from the Lambda Runtime API.
using var api = new RuntimeApi(
    Settings.Read("AWS_LAMBDA_RUNTIME_API"),
    answersAsk: Settings.Read("LUNGFISH_RUNTIME_API").Split(' ').Contains("answer-next"));
FunctionMethod function;
try
{
    function = FunctionMethod.Load(Settings.Read("_HANDLER"), Settings.Read("LAMBDA_TASK_ROOT"));
}
catch (Exception e)
{
    Console.Error.WriteLine(e);
    await api.ReportInitErrorAsync(ErrorText.Of(e));
    return 1;
}

// Documented: set if an execution environment runs several invocations at once.
var atOnceMax = int.TryParse(Settings.Read("AWS_LAMBDA_MAX_CONCURRENCY"), CultureInfo.InvariantCulture, out var max)
    ? max
    : 1;
await new InvocationLoops(api, function, atOnceMax).RunAsync();
return 0;
