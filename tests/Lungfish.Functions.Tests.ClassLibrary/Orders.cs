using System.Text.Json;
using Amazon.Lambda.Core;
using Lungfish.Functions.Tests.ClassLibrary;

[assembly: LambdaSerializer(typeof(Serializer))]

namespace Lungfish.Functions.Tests.ClassLibrary;

public sealed record Order(string Id, int Count);

public sealed class Serializer
{
    public T? Deserialize<T>(Stream stream) => JsonSerializer.Deserialize<T>(stream);

    public void Serialize<T>(T value, Stream stream) => JsonSerializer.Serialize(stream, value);
}

public sealed class Orders
{
    public Order Double(Order order, ILambdaContext context)
    {
        var inTime = context.RemainingTime > TimeSpan.Zero;
        context.Logger.LogLine($"{context.FunctionName} {context.MemoryLimitInMB} {inTime}");
        return order with { Count = order.Count * 2 };
    }

    public async Task<string> LaterAsync(Order order)
    {
        await Task.Yield();
        return order.Id;
    }

    public static Stream Echo(Stream input) => input;

    public void Fail() => throw new InvalidOperationException("no good", new ArgumentException("why"));
}
