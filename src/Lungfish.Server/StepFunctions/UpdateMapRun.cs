using Lungfish.Engine.Api;
using Lungfish.Server.Protocol;

namespace Lungfish.Server.StepFunctions;

internal sealed class UpdateMapRun(IMapRuns mapRuns) : IApiAction<UpdateMapRunInput, EmptyOutput>
{
    public async Task<EmptyOutput> HandleAsync(UpdateMapRunInput input, CancellationToken cancellationToken)
    {
        await mapRuns.UpdateAsync(input.MapRunArn.Value, input.Change, cancellationToken);
        return EmptyOutput.Instance;
    }
}

internal sealed record UpdateMapRunInput(MapRunArn MapRunArn, MapRunChange Change) : IApiInput<UpdateMapRunInput>
{
    public static UpdateMapRunInput Read(RequestMembers members)
    {
        var input = new UpdateMapRunInput(
            MapRunArn.Read(members, "mapRunArn"),
            new MapRunChange(
                members.OptionalInteger("maxConcurrency", 0, int.MaxValue),
                members.OptionalInteger("toleratedFailureCount", 0, int.MaxValue),
                members.OptionalNumber("toleratedFailurePercentage", 0, 100)));
        members.Complete();
        return input;
    }
}
