CREATE TABLE `signing_keys` (
	`kid` text PRIMARY KEY NOT NULL,
	`public_jwk` text NOT NULL,
	`sealed_private_jwk` text,
	`created_at_ms` integer NOT NULL,
	`active_from_ms` integer NOT NULL,
	`retires_at_ms` integer NOT NULL,
	`revoked_at_ms` integer,
	CONSTRAINT "signing_keys_revoked_cannot_sign" CHECK("signing_keys"."revoked_at_ms" IS NULL OR "signing_keys"."sealed_private_jwk" IS NULL)
);
--> statement-breakpoint
CREATE TABLE `user_templates` (
	`id` text PRIMARY KEY NOT NULL,
	`organisation_id` text NOT NULL,
	`user_identifier` text NOT NULL,
	`session_id` text NOT NULL,
	`sealed` text NOT NULL,
	`created_at_ms` integer NOT NULL,
	FOREIGN KEY (`organisation_id`) REFERENCES `organisations`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE INDEX `user_templates_newest` ON `user_templates` (`organisation_id`,`user_identifier`,`created_at_ms`,`id`);--> statement-breakpoint
CREATE UNIQUE INDEX `user_templates_session` ON `user_templates` (`session_id`);--> statement-breakpoint
CREATE TABLE `session_events` (
	`id` text PRIMARY KEY NOT NULL,
	`organisation_id` text NOT NULL,
	`session_id` text NOT NULL,
	`sequence` integer NOT NULL,
	`actor` text NOT NULL,
	`action` text NOT NULL,
	`details` text,
	`client` text,
	`previous_hash` text NOT NULL,
	`hash` text NOT NULL,
	`created_at_ms` integer NOT NULL,
	FOREIGN KEY (`organisation_id`) REFERENCES `organisations`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE UNIQUE INDEX `session_events_sequence` ON `session_events` (`session_id`,`sequence`);--> statement-breakpoint
CREATE INDEX `session_events_organisation` ON `session_events` (`organisation_id`);--> statement-breakpoint
CREATE TABLE `verification_sessions` (
	`id` text PRIMARY KEY NOT NULL,
	`organisation_id` text NOT NULL,
	`api_key_id` text,
	`state` text NOT NULL,
	`action_description` text NOT NULL,
	`risk_level` text NOT NULL,
	`model` text NOT NULL,
	`frame_count` integer NOT NULL,
	`user_identifier` text,
	`require_user_match` integer NOT NULL,
	`callback_url` text,
	`metadata` text,
	`max_attempts` integer NOT NULL,
	`attempts` integer NOT NULL,
	`attestation_seconds` integer NOT NULL,
	`consent` text,
	`verdict` text,
	`confidence` real,
	`warning` text,
	`match_found` integer,
	`similarity_score` real,
	`failure_reason` text,
	`attestation` text,
	`attestation_expires_at_ms` integer,
	`origin` text NOT NULL,
	`revision` integer NOT NULL,
	`created_at_ms` integer NOT NULL,
	`started_at_ms` integer,
	`ended_at_ms` integer,
	`expires_at_ms` integer NOT NULL,
	`check_until_ms` integer,
	FOREIGN KEY (`organisation_id`) REFERENCES `organisations`(`id`) ON UPDATE no action ON DELETE cascade,
	FOREIGN KEY (`api_key_id`) REFERENCES `api_keys`(`id`) ON UPDATE no action ON DELETE set null,
	CONSTRAINT "verification_sessions_end_is_whole" CHECK(("verification_sessions"."state" IN ('pending', 'in_progress')) = ("verification_sessions"."ended_at_ms" IS NULL) AND ("verification_sessions"."state" = 'completed') = ("verification_sessions"."attestation" IS NOT NULL))
);
--> statement-breakpoint
CREATE INDEX `verification_sessions_page` ON `verification_sessions` (`organisation_id`,`created_at_ms`,`id`);--> statement-breakpoint
CREATE INDEX `verification_sessions_state_page` ON `verification_sessions` (`organisation_id`,`state`,`created_at_ms`,`id`);--> statement-breakpoint
CREATE INDEX `verification_sessions_user` ON `verification_sessions` (`organisation_id`,`user_identifier`,`ended_at_ms`);--> statement-breakpoint
CREATE INDEX `verification_sessions_open` ON `verification_sessions` (`expires_at_ms`) WHERE "verification_sessions"."ended_at_ms" IS NULL;--> statement-breakpoint
CREATE INDEX `verification_sessions_api_key` ON `verification_sessions` (`api_key_id`);--> statement-breakpoint
CREATE TABLE `webhook_attempts` (
	`id` text PRIMARY KEY NOT NULL,
	`delivery_id` text NOT NULL,
	`at_ms` integer NOT NULL,
	`status` integer,
	`duration_ms` integer NOT NULL,
	`request_excerpt` text NOT NULL,
	`response_excerpt` text,
	`error` text,
	FOREIGN KEY (`delivery_id`) REFERENCES `webhook_deliveries`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE INDEX `webhook_attempts_page` ON `webhook_attempts` (`delivery_id`,`at_ms`,`id`);--> statement-breakpoint
CREATE TABLE `webhook_deliveries` (
	`id` text PRIMARY KEY NOT NULL,
	`organisation_id` text NOT NULL,
	`webhook_id` text,
	`event_id` text NOT NULL,
	`url` text NOT NULL,
	`state` text NOT NULL,
	`attempts` integer DEFAULT 0 NOT NULL,
	`next_attempt_at_ms` integer,
	`created_at_ms` integer NOT NULL,
	`ended_at_ms` integer,
	FOREIGN KEY (`organisation_id`) REFERENCES `organisations`(`id`) ON UPDATE no action ON DELETE cascade,
	FOREIGN KEY (`webhook_id`) REFERENCES `webhooks`(`id`) ON UPDATE no action ON DELETE cascade,
	FOREIGN KEY (`event_id`) REFERENCES `webhook_events`(`id`) ON UPDATE no action ON DELETE cascade,
	CONSTRAINT "webhook_deliveries_end_is_whole" CHECK(("webhook_deliveries"."state" = 'pending') = ("webhook_deliveries"."ended_at_ms" IS NULL) AND ("webhook_deliveries"."state" = 'pending') = ("webhook_deliveries"."next_attempt_at_ms" IS NOT NULL))
);
--> statement-breakpoint
CREATE INDEX `webhook_deliveries_page` ON `webhook_deliveries` (`organisation_id`,`created_at_ms`,`id`);--> statement-breakpoint
CREATE INDEX `webhook_deliveries_state_page` ON `webhook_deliveries` (`organisation_id`,`state`,`created_at_ms`,`id`);--> statement-breakpoint
CREATE INDEX `webhook_deliveries_webhook_page` ON `webhook_deliveries` (`webhook_id`,`created_at_ms`,`id`);--> statement-breakpoint
CREATE INDEX `webhook_deliveries_webhook_state_page` ON `webhook_deliveries` (`webhook_id`,`state`,`created_at_ms`,`id`);--> statement-breakpoint
CREATE UNIQUE INDEX `webhook_deliveries_once` ON `webhook_deliveries` (`event_id`,`webhook_id`);--> statement-breakpoint
CREATE UNIQUE INDEX `webhook_deliveries_callback_once` ON `webhook_deliveries` (`event_id`) WHERE "webhook_deliveries"."webhook_id" IS NULL;--> statement-breakpoint
CREATE INDEX `webhook_deliveries_due` ON `webhook_deliveries` (`next_attempt_at_ms`) WHERE "webhook_deliveries"."next_attempt_at_ms" IS NOT NULL;--> statement-breakpoint
CREATE TABLE `webhook_events` (
	`id` text PRIMARY KEY NOT NULL,
	`organisation_id` text NOT NULL,
	`event` text NOT NULL,
	`session_id` text,
	`data` text NOT NULL,
	`callback_url` text,
	`dispatched_at_ms` integer,
	`created_at_ms` integer NOT NULL,
	FOREIGN KEY (`organisation_id`) REFERENCES `organisations`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE INDEX `webhook_events_undispatched` ON `webhook_events` (`organisation_id`,`created_at_ms`) WHERE "webhook_events"."dispatched_at_ms" IS NULL;--> statement-breakpoint
CREATE INDEX `webhook_events_age` ON `webhook_events` (`created_at_ms`);--> statement-breakpoint
CREATE INDEX `webhook_events_organisation` ON `webhook_events` (`organisation_id`);--> statement-breakpoint
CREATE TABLE `webhooks` (
	`id` text PRIMARY KEY NOT NULL,
	`organisation_id` text NOT NULL,
	`url` text NOT NULL,
	`events` text NOT NULL,
	`description` text,
	`sealed_secret` text NOT NULL,
	`previous_sealed_secret` text,
	`previous_secret_until_ms` integer,
	`disabled_at_ms` integer,
	`disabled_reason` text,
	`failing_since_ms` integer,
	`created_at_ms` integer NOT NULL,
	`updated_at_ms` integer NOT NULL,
	FOREIGN KEY (`organisation_id`) REFERENCES `organisations`(`id`) ON UPDATE no action ON DELETE cascade,
	CONSTRAINT "webhooks_disabled_says_why" CHECK(("webhooks"."disabled_at_ms" IS NULL) = ("webhooks"."disabled_reason" IS NULL))
);
--> statement-breakpoint
CREATE INDEX `webhooks_page` ON `webhooks` (`organisation_id`,`created_at_ms`,`id`);--> statement-breakpoint
CREATE INDEX `webhooks_enabled` ON `webhooks` (`organisation_id`) WHERE "webhooks"."disabled_at_ms" IS NULL;