using Lungfish.DurableFunctions;
using OrderWorkflow;

var workflow = new OrderApproval(new Desk(), new Warehouse());
await DurableFunction.RunAsync<Order, Receipt>(
    workflow.RunAsync,
    new DurableFunctionOptions { Serializer = new JsonCheckpointSerializer(OrderJson.Default) });
