namespace Lungfish.Deployment.CloudFormation;

/// <summary>Puts resources behind those that they refer to.</summary>
internal static class ResourceOrder
{
    public static IReadOnlyList<TemplateResource> Sort(IReadOnlyList<TemplateResource> resources, Problems problems)
    {
        var byId = resources.ToDictionary(r => r.LogicalId, StringComparer.Ordinal);
        var ordered = new List<TemplateResource>();
        var visited = new Dictionary<string, bool>(StringComparer.Ordinal); // False: its references are being visited.
        foreach (var resource in resources)
        {
            Visit(resource);
        }

        return ordered;

        void Visit(TemplateResource resource)
        {
            if (visited.TryGetValue(resource.LogicalId, out var isDone))
            {
                if (!isDone)
                {
                    problems.Add(
                        resource.Mark,
                        $"Resources.{resource.LogicalId}",
                        $"{resource.LogicalId} depends on itself",
                        "Break the circle.");
                }

                return;
            }

            visited[resource.LogicalId] = false;
            foreach (var name in resource.References.Distinct())
            {
                if (byId.TryGetValue(name, out var needed))
                {
                    Visit(needed);
                }
            }

            visited[resource.LogicalId] = true;
            ordered.Add(resource);
        }
    }
}
