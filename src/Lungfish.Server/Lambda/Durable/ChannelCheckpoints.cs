using System.Buffers;
using Lungfish.Engine;
using Lungfish.Engine.Api;
using Lungfish.Functions;
using Lungfish.Server.Protocol;
using Microsoft.Extensions.Logging;

namespace Lungfish.Server.Lambda.Durable;

/// <summary>Checkpoints that processes bring over their channels: CheckpointDurableExecution without HTTP.</summary>
internal sealed partial class ChannelCheckpoints(
    IDurableExecutions executions, ILogger<ChannelCheckpoints> logger) : ICheckpointCalls
{
    public IReadOnlyList<Task<CheckpointAnswer>> Take(IReadOnlyList<ReadOnlyMemory<byte>> calls, bool isAlone)
    {
        var answers = new Task<CheckpointAnswer>[calls.Count];
        var read = new List<CheckpointCall>(calls.Count);
        var places = new List<int>(calls.Count); // Of those that were read.
        for (var i = 0; i < answers.Length; i++)
        {
            try
            {
                read.Add(CheckpointReader.ReadWithArn(new ReadOnlySequence<byte>(calls[i])));
                places.Add(i);
            }
            catch (ApiException refusal)
            {
                answers[i] = Task.FromResult(CheckpointAnswer.Refused(refusal));
            }
        }

        var results = isAlone && read is [var only]
            ? [executions.CheckpointAsync(
                only.ExecutionArn, only.Token, only.ClientToken, only.Updates, CancellationToken.None)]
            : executions.CheckpointTogether(read, CancellationToken.None);
        for (var i = 0; i < results.Count; i++)
        {
            answers[places[i]] = AnswerAsync(results[i]);
        }

        return answers;
    }

    private async Task<CheckpointAnswer> AnswerAsync(Task<CheckpointResult> result)
    {
        try
        {
            return AnswerOf(await result);
        }
        catch (ApiException refusal)
        {
            return CheckpointAnswer.Refused(refusal);
        }
        catch (OperationCanceledException)
        {
            return CheckpointAnswer.Refused(LambdaErrors.ServiceStopping());
        }
        catch (Exception bug)
        {
            LogBug(bug);
            return CheckpointAnswer.Refused(new("ServiceException", ProtocolErrors.Internal().Message, 500));
        }
    }

    private static CheckpointAnswer AnswerOf(CheckpointResult result)
    {
        var answer = AnswerBuffer.Rent();
        CheckpointDurableExecution.Write(answer.Writer, result);
        var body = answer.ToArray();
        answer.Return();
        return new(200, body);
    }

    [LoggerMessage(2, LogLevel.Error, "A checkpoint over a channel failed.")]
    private partial void LogBug(Exception bug);
}
