using System.Text.Json;
using System.Text.Json.Nodes;
using Lungfish.Tests.Shared;

namespace Lungfish.EndToEnd.KillTests;

/// <summary>A server that is killed and started again on the same data, while clients keep calling it.</summary>
internal sealed class CrashingServer : IAsyncDisposable
{
    private static readonly TimeSpan s_retryPause = TimeSpan.FromMilliseconds(20);

    private readonly TemporaryFolder _data = new();
    private volatile TaskCompletionSource<AwsApi> _up = NewSource();
    private ServerProcess? _process;

    /// <summary>Of the server that runs now, or ran last.</summary>
    public int? ProcessId => _process?.Id;

    public string DataDirectory => _data.Path;

    /// <summary>Clients of the server that runs now; while none does, waits for the next.</summary>
    public Task<AwsApi> GetApiAsync() => _up.Task;

    public async Task StartAsync()
    {
        try
        {
            _process = await ServerProcess.ServeAsync(_data.Path);
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
        var old = await _up.Task;
        _up = NewSource();
        await (_process?.KillAsync() ?? Task.CompletedTask);
        await (_process?.DisposeAsync() ?? ValueTask.CompletedTask);
        await StartAsync();
        old.Dispose();
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

        _data.Dispose();
    }

    private static bool IsBrokenConnection(Exception exception, CancellationToken cancellationToken) =>
        exception is HttpRequestException or IOException or JsonException or ObjectDisposedException
        || (exception is OperationCanceledException && !cancellationToken.IsCancellationRequested);

    private static TaskCompletionSource<AwsApi> NewSource() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}

/// <summary>An answer, and whether an earlier try of the same call may have been carried out unseen.</summary>
internal sealed record Reply(ApiAnswer Answer, bool IsUncertain);
