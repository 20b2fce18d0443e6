using CryptoBeacon.Application.Behaviors;
using CryptoBeacon.Application.Configuration;
using FluentValidation;
using MediatR;

namespace CryptoBeacon.WebApi.Hosting;

/// <summary>Everything that follows from the list of modules: handlers, validators, mapping profiles, jobs.</summary>
internal static class ModuleRegistration
{
    public static IServiceCollection AddModules(
        this IServiceCollection services,
        IConfiguration configuration,
        BeaconOptions options
    )
    {
        var assemblies = Modules.All.Select(module => module.GetType().Assembly).ToArray();

        services.AddScoped<ServiceFactory>(provider => provider.GetService!);
        services.AddScoped<IMediator, Mediator>();
        services.AddScoped(typeof(IPipelineBehavior<,>), typeof(LoggingBehavior<,>));
        services.AddScoped(typeof(IPipelineBehavior<,>), typeof(ValidationBehavior<,>));
        services.AddScoped(typeof(IPipelineBehavior<,>), typeof(UnitOfWorkBehavior<,>));
        services.Scan(scan =>
            scan.FromAssemblies(assemblies)
                .AddClasses(types => types.AssignableTo(typeof(IRequestHandler<,>)), publicOnly: false)
                .AsImplementedInterfaces()
                .WithScopedLifetime()
                .AddClasses(types => types.AssignableTo(typeof(INotificationHandler<>)), publicOnly: false)
                .AsImplementedInterfaces()
                .WithScopedLifetime()
        );

        // One fault, one message: what is not there is not too short as well.
        ValidatorOptions.Global.DefaultRuleLevelCascadeMode = CascadeMode.Stop;
        services.AddValidatorsFromAssemblies(assemblies, ServiceLifetime.Singleton, includeInternalTypes: true);
        services.AddAutoMapper(mapper => mapper.LicenseKey = options.AutoMapper.LicenseKey, assemblies);

        foreach (var module in Modules.All)
        {
            services.AddSingleton(module);
            foreach (var job in module.Jobs)
            {
                services.AddSingleton(job);
            }

            foreach (var column in module.SealedColumns)
            {
                services.AddSingleton(column);
            }

            module.AddServices(services, configuration);
        }

        return services;
    }
}
