using System.Buffers.Text;
using System.Text;

namespace Lungfish.Bench.Driving;

/// <summary>Who waits for which execution. The name of an execution says which client started it.</summary>
internal sealed class Waiters(int clientCount)
{
    private readonly Expected?[] _expected = new Expected?[clientCount];

    private sealed record Expected(byte[] Name, TaskCompletionSource<string> Told);

    /// <summary>What is told of the execution of that name; to be asked for before it starts.</summary>
    public Task<string> Expect(int client, string name)
    {
        var told = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
        _expected[client] = new Expected(Encoding.ASCII.GetBytes(name), told);
        return told.Task;
    }

    /// <summary>Takes a pushed line: whoever waits for its <c>name</c> is told its <paramref name="member"/>.</summary>
    public void Tell(ReadOnlySpan<byte> line, ReadOnlySpan<byte> member)
    {
        var name = Value(line, "\"name\":\""u8);
        var client = name[(name.LastIndexOf((byte)'-') + 1)..];
        if (Utf8Parser.TryParse(client, out int number, out _) && number < _expected.Length
            && _expected[number] is { } expected && name.SequenceEqual(expected.Name))
        {
            expected.Told.TrySetResult(Encoding.ASCII.GetString(Value(line, member)));
        }
    }

    private static ReadOnlySpan<byte> Value(ReadOnlySpan<byte> line, ReadOnlySpan<byte> member)
    {
        var at = line.IndexOf(member);
        var rest = at < 0 ? throw new InvalidDataException($"No {Encoding.UTF8.GetString(member)} in a pushed line.")
            : line[(at + member.Length)..];
        return rest[..rest.IndexOf((byte)'"')];
    }
}
