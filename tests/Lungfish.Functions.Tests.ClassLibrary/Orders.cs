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

    private static readonly List<TaskCompletionSource> Waiting = [];

    /// <summary>Answers when as many as it was told run in this process.</summary>
    public static async Task<string> MeetAsync(Order order)
    {
        Console.Write("seen ");
        var met = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (Waiting)
        {
            Waiting.Add(met);
            if (Waiting.Count == order.Count)
            {
                Waiting.ForEach(one => one.SetResult());
                Waiting.Clear();
            }
        }

        await met.Task;
        Console.WriteLine(order.Id);
        await Task.Run(() => Console.Error.Write($"two\nlines {order.Id}"));
        return order.Id;
    }

    /// <summary>Writes 100,000 characters without the end of a line.</summary>
    public static void WriteOn()
    {
        for (var i = 0; i < 100; i++)
        {
            Console.Write(new string('x', 1_000));
        }
    }

    public static Stream Echo(Stream input) => input;

    public void Fail() => throw new InvalidOperationException("no good", new ArgumentException("why"));
}
