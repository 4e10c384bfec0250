using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Lungfish.DurableConformance.Matching;
using Lungfish.DurableConformance.Requirements;

namespace Lungfish.DurableConformance.Running;

/// <summary>Plays the outside world of one execution: answers its callbacks as the requirement says.</summary>
/// <remarks>Each action is used once; a heartbeat leaves its callback to the next action.</remarks>
internal sealed class CallbackSender(
    IReadOnlyList<CallbackAction> actions, Placeholders placeholders, LambdaApi api)
{
    private readonly List<CallbackAction> _left = [.. actions];
    private readonly HashSet<string> _answered = new(StringComparer.Ordinal);

    public int LeftCount => _left.Count;

    /// <summary>Answers the callbacks that a history shows and that were not answered yet, one after the
    /// other.</summary>
    /// <returns>Callbacks that no action is meant for.</returns>
    public async Task<IReadOnlyList<string>> AnswerAsync(JsonArray events)
    {
        var strays = new List<string>();
        foreach (var started in OpenCallbacksOf(events))
        {
            var id = started["CallbackStartedDetails"]?["CallbackId"]?.GetValue<string>() ?? "";
            var name = NameOf(started, events);
            if (actions.Count == 0 || _answered.Contains(id))
            {
                continue; // One that is to time out, or is answered.
            }

            if (_left.Find(action => IsMeant(action, name)) is not { } action)
            {
                strays.Add($"no action is meant for the callback {name}");
                _ = _answered.Add(id);
                continue;
            }

            _ = _left.Remove(action);
            if (action.Operation != CallbackOperation.Heartbeat)
            {
                _ = _answered.Add(id);
            }

            await Task.Delay(action.Delay);
            await SendAsync(id, action);
        }

        return strays;
    }

    /// <summary>An execution is answered once it sleeps: the requirements' orders of events presume that its
    /// invocation has ended, which a fixed delay alone would not make sure on a busy machine.</summary>
    private static IEnumerable<JsonObject> OpenCallbacksOf(JsonArray events)
    {
        var lastInvocation = events.ToList().FindLastIndex(
            item => JsonValues.FindText(item?["EventType"]) is "InvocationCompleted");
        return events.Take(lastInvocation + 1).OfType<JsonObject>().Where(
            item => JsonValues.FindText(item["EventType"]) is "CallbackStarted");
    }

    /// <summary>The callback in a wait-for-callback may go by the name of what it is a part of.</summary>
    private static string NameOf(JsonObject started, JsonArray events)
    {
        var parent = JsonValues.FindText(started["ParentId"]);
        return JsonValues.FindText(started["Name"])
            ?? JsonValues.FindText(events.FirstOrDefault(
                item => parent is not null && JsonValues.FindText(item?["Id"]) == parent)?["Name"])
            ?? "";
    }

    private bool IsMeant(CallbackAction action, string name) => placeholders.Fill(action.Name) switch
    {
        "*" => true,
        ['$', '{', '/', .. var pattern, '/', '}'] =>
            Regex.IsMatch(name, pattern, RegexOptions.None, TimeSpan.FromSeconds(1)),
        var wanted => wanted == name,
    };

    private Task SendAsync(string callbackId, CallbackAction action)
    {
        var body = action.Payload is null ? null : PythonJson.Write(placeholders.Fill(action.Payload));
        return action.Operation switch
        {
            CallbackOperation.Success => api.SendCallbackAsync(callbackId, "succeed", body),
            CallbackOperation.Failure => api.SendCallbackAsync(callbackId, "fail", body),
            _ => api.SendCallbackAsync(callbackId, "heartbeat", body: null),
        };
    }
}
