using CryptoBeacon.WebApi.CommandLine;

return await BeaconCommands.RunAsync(args);
