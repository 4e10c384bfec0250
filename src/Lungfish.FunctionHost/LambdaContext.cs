using System.Globalization;
using System.Reflection;

namespace Lungfish.FunctionHost;

/// <summary>Implements the function's own version of <c>ILambdaContext</c> and <c>ILambdaLogger</c>, by member
/// names.</summary>
public class LambdaContext : DispatchProxy
{
    private Invocation? _invocation;

    internal static object Create(Type contextType, Invocation invocation) => CreateProxy(contextType, invocation);

    protected override object? Invoke(MethodInfo? targetMethod, object?[]? args)
    {
        if (_invocation is not { } invocation || targetMethod is null)
        {
            return null;
        }

        return targetMethod.Name switch
        {
            "get_AwsRequestId" => invocation.RequestId,
            "get_InvokedFunctionArn" => invocation.FunctionArn,
            "get_TraceId" => invocation.TraceId,
            "get_FunctionName" => Settings.Read("AWS_LAMBDA_FUNCTION_NAME"),
            "get_FunctionVersion" => Settings.Read("AWS_LAMBDA_FUNCTION_VERSION"),
            "get_LogGroupName" => Settings.Read("AWS_LAMBDA_LOG_GROUP_NAME"),
            "get_LogStreamName" => Settings.Read("AWS_LAMBDA_LOG_STREAM_NAME"),
            "get_MemoryLimitInMB" => MemoryLimit(),
            "get_RemainingTime" => Remaining(invocation),
            "get_Logger" => CreateProxy(targetMethod.ReturnType, invocation),
            _ when targetMethod.Name.StartsWith("Log", StringComparison.Ordinal) => WriteLine(args),
            _ => null,
        };
    }

    private static int MemoryLimit() =>
        int.Parse(Settings.Read("AWS_LAMBDA_FUNCTION_MEMORY_SIZE"), CultureInfo.InvariantCulture);

    private static TimeSpan Remaining(Invocation invocation) =>
        invocation.Deadline - DateTimeOffset.UtcNow is var left && left > TimeSpan.Zero ? left : TimeSpan.Zero;

    private static object? WriteLine(object?[]? args)
    {
        Console.WriteLine(args?.OfType<string>().LastOrDefault());
        return null;
    }

    private static object CreateProxy(Type type, Invocation invocation)
    {
        var proxy = DispatchProxy.Create(type, typeof(LambdaContext));
        ((LambdaContext)proxy)._invocation = invocation;
        return proxy;
    }
}
