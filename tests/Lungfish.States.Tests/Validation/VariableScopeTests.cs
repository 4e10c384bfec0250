using Lungfish.States.Parsing;

namespace Lungfish.States.Tests.Validation;

/// <summary>Measured on AWS: names are unique across nested scopes, as far as a way leads into the inner one.</summary>
public sealed class VariableScopeTests
{
    private const string Inner = """
        {"StartAt":"I","States":{"I":{"Type":"Pass","Assign":{"x.$":"$"},"End":true}}}
        """;

    [Theory]
    [InlineData( // Assigned before.
        """
        "S": {"Type":"Pass","Assign":{"x":1},"Next":"P"}, "P": {"Type":"Parallel","Branches":[%I],"End":true}
        """,
        "/States/P/Branches[0]/States/I/Assign/x.$")]
    [InlineData( // Assigned long before, by a rule's way out.
        """
        "S": {"Type":"Choice","Choices":[{"Variable":"$.a","IsNull":true,"Assign":{"x":1},"Next":"A"}],"Default":"A"},
        "A": {"Type":"Pass","Next":"P"}, "P": {"Type":"Map","ItemProcessor":%I,"End":true}
        """,
        "/States/P/ItemProcessor/States/I/Assign/x.$")]
    [InlineData( // Assigned by the container itself, before it is entered again.
        """
        "S": {"Type":"Parallel","Branches":[%I],"Assign":{"x":1},"Next":"C"},
        "C": {"Type":"Choice","Choices":[{"Variable":"$.a","IsNull":true,"Next":"S"}],"Default":"E"},
        "E": {"Type":"Succeed"}
        """,
        "/States/S/Branches[0]/States/I/Assign/x.$")]
    [InlineData( // Assigned two scopes further out.
        """
        "S": {"Type":"Pass","Assign":{"x":1},"Next":"P"}, "P": {"Type":"Parallel","End":true,"Branches":[
            {"StartAt":"Q","States":{"Q":{"Type":"Map","ItemProcessor":%I,"End":true}}}]}
        """,
        "/States/P/Branches[0]/States/Q/ItemProcessor/States/I/Assign/x.$")]
    [InlineData( // Assigned by a catcher of the container, which leads away from it.
        """
        "S": {"Type":"Parallel","Branches":[%I],"End":true,
            "Catch":[{"ErrorEquals":["States.ALL"],"Assign":{"x":1},"Next":"E"}]},
        "E": {"Type":"Succeed"}
        """,
        null)]
    [InlineData( // Assigned after.
        """
        "S": {"Type":"Parallel","Branches":[%I],"Next":"A"}, "A": {"Type":"Pass","Assign":{"x":1},"End":true}
        """,
        null)]
    [InlineData( // Assigned on another way.
        """
        "S": {"Type":"Choice","Choices":[{"Variable":"$.a","IsNull":true,"Assign":{"x":1},"Next":"E"}],"Default":"P"},
        "P": {"Type":"Parallel","Branches":[%I],"End":true}, "E": {"Type":"Succeed"}
        """,
        null)]
    [InlineData( // Two scopes side by side.
        """
        "S": {"Type":"Parallel","End":true,"Branches":[%I,
            {"StartAt":"J","States":{"J":{"Type":"Pass","Assign":{"x":1},"End":true}}}]}
        """,
        null)]
    public void Parse_InnerScopeAssignsAnOuterName_IsRefusedIfAWayLeadsThere(string states, string? location)
    {
        var definition = $$"""{"StartAt":"S","States":{ {{states.Replace("%I", Inner)}} } }""";

        var error = DefinitionParser.Parse(definition, new DefinitionOptions { CanRun = _ => true }).ErrorText;

        Assert.Equal(
            location is null
                ? ""
                : "DUPLICATE_VARIABLE_NAME: The variable 'x' is already assigned in an outer scope at " + location,
            error);
    }
}
