using Microsoft.EntityFrameworkCore.Migrations;

namespace CryptoBeacon.Infrastructure.Persistence.Migrations;

// One line a migration; what it does stands in Scripts/ and why in docs/schema-changelog.md.

[Migration("0001_platform")]
internal sealed class PlatformSchema : SqlMigration;

[Migration("0002_identity")]
internal sealed class IdentitySchema : SqlMigration;

[Migration("0003_portfolios")]
internal sealed class PortfoliosSchema : SqlMigration;

[Migration("0004_trading")]
internal sealed class TradingSchema : SqlMigration;

[Migration("0005_watchlists")]
internal sealed class WatchlistsSchema : SqlMigration;

[Migration("0006_api_integration")]
internal sealed class ApiIntegrationSchema : SqlMigration;

[Migration("0007_alerts")]
internal sealed class AlertsSchema : SqlMigration;

[Migration("0008_models")]
internal sealed class ModelsSchema : SqlMigration;

[Migration("0009_hangfire")]
internal sealed class HangfireSchema : SqlMigration;

[Migration("0010_identity_factors")]
internal sealed class IdentityFactorsSchema : SqlMigration;

[Migration("0011_personal_access_tokens")]
internal sealed class PersonalAccessTokensSchema : SqlMigration;

[Migration("0012_audit")]
internal sealed class AuditSchema : SqlMigration;

[Migration("0013_evaluated_alerts")]
internal sealed class EvaluatedAlerts : SqlMigration;

[Migration("0014_whole_ledger")]
internal sealed class WholeLedgerSchema : SqlMigration;

[Migration("0015_privacy")]
internal sealed class PrivacySchema : SqlMigration;

[Migration("0016_coin_catalogue")]
internal sealed class CoinCatalogue : SqlMigration;

[Migration("0017_firing_routes")]
internal sealed class FiringRoutes : SqlMigration;

[Migration("0018_trade_worth")]
internal sealed class TradeWorth : SqlMigration;

[Migration("0019_portfolio_snapshots")]
internal sealed class PortfolioSnapshotsSchema : SqlMigration;

[Migration("0020_mail")]
internal sealed class MailSchema : SqlMigration;

[Migration("0021_notification_channels")]
internal sealed class NotificationChannelsSchema : SqlMigration;

[Migration("0022_transfers")]
internal sealed class TransfersSchema : SqlMigration;

[Migration("0023_key_rotation")]
internal sealed class KeyRotationSchema : SqlMigration;

[Migration("0024_import_queue")]
internal sealed class ImportQueue : SqlMigration;

[Migration("0025_quick_trade_entries")]
internal sealed class QuickTradeEntries : SqlMigration;

[Migration("0026_whole_trail")]
internal sealed class WholeTrail : SqlMigration;

[Migration("0027_moving_alerts")]
internal sealed class MovingAlerts : SqlMigration;

[Migration("0028_sealed_at_once")]
internal sealed class SealedAtOnce : SqlMigration;

[Migration("0029_account_defences")]
internal sealed class AccountDefences : SqlMigration;

[Migration("0030_account_revision")]
internal sealed class AccountRevision : SqlMigration;

[Migration("0031_deliveries")]
internal sealed class DeliveriesSchema : SqlMigration;

[Migration("0032_providers")]
internal sealed class ProvidersSchema : SqlMigration;

[Migration("0033_imported_versions")]
internal sealed class ImportedVersions : SqlMigration;

[Migration("0034_candle_hours")]
internal sealed class CandleHours : SqlMigration;

[Migration("0035_model_runs")]
internal sealed class ModelRuns : SqlMigration;

[Migration("0036_wanted_coins")]
internal sealed class WantedCoins : SqlMigration;

[Migration("0037_exchange_keys")]
internal sealed class ExchangeKeys : SqlMigration;

[Migration("0038_woken_alerts")]
internal sealed class WokenAlertsSchema : SqlMigration;

[Migration("0039_email_off_reason")]
internal sealed class EmailOffReason : SqlMigration;

[Migration("0040_attempts_taken_back")]
internal sealed class AttemptsTakenBack : SqlMigration;

[Migration("0041_backfilled_minutes")]
internal sealed class BackfilledMinutes : SqlMigration;

[Migration("0042_syncs_of_active_users")]
internal sealed class SyncsOfActiveUsers : SqlMigration;

[Migration("0043_quicker_hours")]
internal sealed class QuickerHours : SqlMigration;

[Migration("0044_quicker_pairs")]
internal sealed class QuickerPairs : SqlMigration;

[Migration("0045_names_of_providers")]
internal sealed class NamesOfProviders : SqlMigration;

[Migration("0046_quicker_firings")]
internal sealed class QuickerFirings : SqlMigration;

[Migration("0047_verified_outside")]
internal sealed class VerifiedOutside : SqlMigration;

[Migration("0048_risk_free_rate")]
internal sealed class RiskFreeRate : SqlMigration;

[Migration("0049_as_long_as_told")]
internal sealed class AsLongAsTold : SqlMigration;

[Migration("0050_when_trades_came")]
internal sealed class WhenTradesCame : SqlMigration;
