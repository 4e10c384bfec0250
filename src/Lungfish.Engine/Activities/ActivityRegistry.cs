using Lungfish.Engine.Api;
using Lungfish.Engine.Identifiers;
using Lungfish.Engine.StateMachines;
using Lungfish.Engine.Storage;
using Lungfish.Engine.Timing;
using Lungfish.Json;

namespace Lungfish.Engine.Activities;

/// <summary>The activity operations of the API. Which activities exist is in memory: deciders ask for it.</summary>
internal sealed class ActivityRegistry(
    IStore store, ActivityTasks tasks, AwsAccount account, EngineClock clock, PageTokens pages)
    : IActivities, IDisposable
{
    public const string Kind = "activity";
    private const int ReadMax = 1_000;

    private readonly SemaphoreSlim _oneWriter = new(1, 1);

    public void Dispose() => _oneWriter.Dispose();

    public async Task LoadAsync(CancellationToken cancellationToken)
    {
        string? after = null;
        while (true)
        {
            var entries = await store.ListCatalogAsync(Kind, "", after, ReadMax, cancellationToken);
            foreach (var entry in entries)
            {
                tasks.SetExists(entry.Key, true);
            }

            if (entries.Count < ReadMax)
            {
                return;
            }

            after = entries[^1].Key;
        }
    }

    public async Task<ActivityDescription> CreateAsync(
        string name, IReadOnlyList<Tag> tags, CancellationToken cancellationToken)
    {
        var arn = account.ActivityArn(ResourceName.Check(name));
        await _oneWriter.WaitAsync(cancellationToken);
        try
        {
            if (await FindAsync(arn, cancellationToken) is { } existing)
            {
                return existing; // Recorded: idempotent by name, with the first creation date.
            }

            var activity = new ActivityDescription(arn, name, clock.Now);
            var value = JsonObject.Of(
                ("name", (JsonValue)name),
                ("createdAt", Records.Text(activity.CreatedAt)),
                ("tags", Records.Tags(tags)));
            await store.WriteCatalogAsync(
                [new CatalogChange(Kind, arn, 0, value.ToUtf8())], CancellationToken.None);
            tasks.SetExists(arn, true);
            return activity;
        }
        finally
        {
            _ = _oneWriter.Release();
        }
    }

    public async Task<ActivityDescription> DescribeAsync(string activityArn, CancellationToken cancellationToken)
    {
        _ = StatesArn.Parse(activityArn, "activity");
        return await FindAsync(activityArn, cancellationToken)
            ?? throw StepFunctionsErrors.ActivityDoesNotExist(activityArn);
    }

    public async Task DeleteAsync(string activityArn, CancellationToken cancellationToken)
    {
        _ = StatesArn.Parse(activityArn, "activity");
        await _oneWriter.WaitAsync(cancellationToken);
        try
        {
            await store.WriteCatalogAsync([new CatalogChange(Kind, activityArn, null, null)], CancellationToken.None);
            tasks.SetExists(activityArn, false);
        }
        finally
        {
            _ = _oneWriter.Release();
        }
    }

    public async Task<Page<ActivityDescription>> ListAsync(
        int countMax, string? nextToken, CancellationToken cancellationToken)
    {
        const string Query = "ListActivities";
        var after = nextToken is null ? null : pages.Open(Query, nextToken);
        var entries = await store.ListCatalogAsync(
            Kind, account.ActivityArn(""), after, countMax + 1, cancellationToken);
        var items = entries.Take(countMax).Select(Read).ToList();
        return new Page<ActivityDescription>(
            items, entries.Count > countMax ? pages.Make(Query, items[^1].Arn) : null);
    }

    public async Task<ActivityTask?> GetTaskAsync(
        string activityArn, string? workerName, TimeSpan atMost, CancellationToken cancellationToken)
    {
        _ = StatesArn.Parse(activityArn, "activity");
        return tasks.Exists(activityArn)
            ? await tasks.TakeAsync(activityArn, workerName, atMost, cancellationToken)
            : throw StepFunctionsErrors.ActivityDoesNotExist(activityArn);
    }

    private async Task<ActivityDescription?> FindAsync(string arn, CancellationToken cancellationToken) =>
        await store.FindCatalogAsync(Kind, arn, cancellationToken) is { } entry ? Read(entry) : null;

    internal static ActivityDescription Read(CatalogEntry entry)
    {
        var json = Records.Object(entry.Value.Span);
        return new ActivityDescription(entry.Key, Records.Text(json, "name"), Records.Time(json, "createdAt"));
    }
}
