using System.Text.Json;
using System.Text.Json.Nodes;
using Lungfish.Tests.Shared;

namespace Lungfish.EndToEnd.KillTests;

/// <summary>A server that is killed and started again on the same data, while clients keep calling it.</summary>
internal sealed class CrashingServer : IAsyncDisposable
{
    private static readonly TimeSpan s_retryPause = TimeSpan.FromMilliseconds(20);

    private readonly TemporaryFolder _folder = new();
    private volatile TaskCompletionSource<AwsApi> _up = NewSource();
    private ServerProcess? _process;

    /// <summary>Of the server that runs now, or ran last.</summary>
    public int? ProcessId => _process?.Id;

    public string DataDirectory => DataOf ?? _folder.Path;

    /// <summary>Null: a directory of its own.</summary>
    public string? DataOf { get; init; }

    /// <summary>Variables that every server gets.</summary>
    public Dictionary<string, string> Variables { get; } = new(StringComparer.Ordinal);

    /// <summary>The server that runs now, or ran last; null while none has been started since the last kill.</summary>
    public ServerProcess? Process => _process;

    /// <summary>Clients of the server that runs now; while none does, waits for the next.</summary>
    public Task<AwsApi> GetApiAsync() => _up.Task;

    public async Task StartAsync()
    {
        try
        {
            _process = await ServerProcess.ServeAsync(DataDirectory, Variables);
            _up.SetResult(new AwsApi(_process.Url));
        }
        catch (InvalidOperationException exception)
        {
            _up.SetException(exception); // Nobody shall wait for a server that does not come back.
            throw;
        }
    }

    public async Task KillAndRestartAsync()
    {
        await KillAsync();
        await StartAsync();
    }

    /// <summary>Ends the server unless it has ended; those who call it wait for the next one.</summary>
    public async Task KillAsync()
    {
        if (_up.Task.IsCompleted)
        {
            var old = await _up.Task;
            _up = NewSource();
            old.Dispose();
        }

        if (_process is not null)
        {
            await _process.KillAsync();
            await _process.DisposeAsync();
            _process = null;
        }
    }

    /// <summary>Starts the server, after the one before has been killed, so that it ends itself at a crash point.
    /// </summary>
    /// <param name="provoke">What brings it there, beside the load.</param>
    /// <returns>False if it did not get there in time; then it runs on.</returns>
    public async Task<bool> CrashAsync(string at, TimeSpan patience, Func<ServerProcess, Task>? provoke = null)
    {
        await KillAsync();
        try
        {
            _process = await ServerProcess.ServeAsync(
                DataDirectory,
                new Dictionary<string, string>(Variables, StringComparer.Ordinal) { ["LUNGFISH_CRASH_AT"] = at });
        }
        catch (InvalidOperationException exception) when (EndedItself(exception.Message, at))
        {
            return true; // While it was starting.
        }

        _up.SetResult(new AwsApi(_process.Url));
        await (provoke?.Invoke(_process) ?? Task.CompletedTask);
        if (!await _process.EndsWithinAsync(patience))
        {
            return false;
        }

        return EndedItself(_process.Output, at)
            ? true
            : throw new InvalidOperationException(
                $"The server ended with {_process.ExitCode}, and not at {at}. It printed:\n{_process.Output}");
    }

    /// <summary>Ends the server, and has everything that it left on the disk checked.</summary>
    /// <returns>Null if all is as it must be; what was found otherwise.</returns>
    public async Task<string?> KillAndCheckAsync()
    {
        await KillAsync();
        var (exitCode, findings) = await ServerProcess.RunAsync(["fsck", DataDirectory]);
        return exitCode == 0 ? null : findings;
    }

    /// <summary>Repeats a call until some server answers it, as a client with retries would.</summary>
    public Task<Reply> CallAsync(string action, JsonObject body, CancellationToken cancellationToken) =>
        CallAsync(api => api.CallAsync(action, body, cancellationToken), cancellationToken);

    /// <inheritdoc cref="CallAsync(string, JsonObject, CancellationToken)"/>
    public async Task<Reply> CallAsync(Func<AwsApi, Task<ApiAnswer>> call, CancellationToken cancellationToken)
    {
        for (var isUncertain = false; ;)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var api = await _up.Task.WaitAsync(cancellationToken);
            try
            {
                var answer = await call(api);
                if (answer is { Status: < 500, ErrorCode: not ("ThrottlingException" or "TooManyRequestsException") })
                {
                    return new Reply(answer, isUncertain);
                }
            }
            catch (Exception exception) when (IsBrokenConnection(exception, cancellationToken))
            {
                // The request may or may not have been carried out.
            }

            isUncertain = true;
            await Task.Delay(s_retryPause, cancellationToken);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await (_process?.DisposeAsync() ?? ValueTask.CompletedTask);
        if (_up.Task.IsCompletedSuccessfully)
        {
            (await _up.Task).Dispose();
        }

        _folder.Dispose();
    }

    private static bool EndedItself(string output, string at) =>
        output.Contains($"the process ends itself at {at.Split(':')[0]}.", StringComparison.Ordinal);

    private static bool IsBrokenConnection(Exception exception, CancellationToken cancellationToken) =>
        exception is HttpRequestException or IOException or JsonException or ObjectDisposedException
        || (exception is OperationCanceledException && !cancellationToken.IsCancellationRequested);

    private static TaskCompletionSource<AwsApi> NewSource() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}

/// <summary>An answer, and whether an earlier try of the same call may have been carried out unseen.</summary>
internal sealed record Reply(ApiAnswer Answer, bool IsUncertain);
