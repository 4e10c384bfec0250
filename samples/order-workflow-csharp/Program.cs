using System.Globalization;
using Lungfish.DurableFunctions;
using OrderWorkflow;

var times = new OrderTimes
{
    Approval = TimeSpan.FromSeconds(Number("APPROVAL_SECONDS", 180)),
    FirstRetry = TimeSpan.FromSeconds(Number("RETRY_SECONDS", 5)),
};
var workflow = new OrderApproval(new Desk(), new Warehouse(Number("WAREHOUSE_BUSY", 0.4)), times);
await DurableFunction.RunAsync<Order, Receipt>(
    workflow.RunAsync,
    new DurableFunctionOptions { Serializer = new JsonCheckpointSerializer(OrderJson.Default) });

static double Number(string variable, double otherwise) =>
    double.TryParse(Environment.GetEnvironmentVariable(variable), CultureInfo.InvariantCulture, out var number)
        ? number
        : otherwise;
