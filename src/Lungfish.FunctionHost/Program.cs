using Lungfish.FunctionHost;

// Runs a .NET class library as a function: takes its invocations from the Lambda Runtime API, one at a time.
using var api = new RuntimeApi(Settings.Read("AWS_LAMBDA_RUNTIME_API"));
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

while (await api.NextAsync() is { } invocation)
{
    Environment.SetEnvironmentVariable("_X_AMZN_TRACE_ID", invocation.TraceId);
    try
    {
        await api.AnswerAsync(invocation, await function.RunAsync(invocation));
    }
    catch (Exception e)
    {
        Console.Error.WriteLine(e);
        await api.ReportErrorAsync(invocation, ErrorText.Of(e));
    }
}

return 0;
