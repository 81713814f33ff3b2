// Generated from openapi.json by `npm run generate`. Do not edit.
export interface paths {
    "/api/openapi.json": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** This document */
        get: operations["getDocument"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/api-keys": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List API keys, newest first
         * @description Needs the permission `api-key:read`.
         */
        get: operations["listApiKeys"];
        put?: never;
        /**
         * Make an API key; the answer shows it this once
         * @description Needs the permission `api-key:write`.
         */
        post: operations["createApiKey"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/api-keys/{id}/revoke": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * End an API key for good
         * @description Needs the permission `api-key:write`.
         */
        post: operations["revokeApiKey"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/audit-events": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read the audit log, newest first; reading is an event too
         * @description Needs the permission `audit:read`.
         */
        get: operations["listAuditEvents"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/live": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Follow transfers and endpoint tests as they happen
         * @description Needs the permission `transfer:read`.
         */
        get: operations["followLive"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/me": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Who you are and what you may do */
        get: operations["getMe"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/me/password": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Change your own password; your other sessions end */
        post: operations["changeOwnPassword"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/network-allow": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List the private ranges that connections may reach
         * @description Needs the permission `network:read`.
         */
        get: operations["listNetworkAllows"];
        put?: never;
        /**
         * Permit a private range
         * @description Needs the permission `network:write`.
         */
        post: operations["createNetworkAllow"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/network-allow/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /**
         * Permit a range no longer
         * @description Needs the permission `network:write`.
         */
        delete: operations["deleteNetworkAllow"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/overview": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * What runs, what failed, what is due, what is stopped
         * @description Needs the permission `transfer:read`.
         */
        get: operations["getOverview"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/partners": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List partners, by name
         * @description Needs the permission `partner:read`.
         */
        get: operations["listPartners"];
        put?: never;
        /**
         * Add a partner
         * @description Needs the permission `partner:write`.
         */
        post: operations["createPartner"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/partners/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read a partner
         * @description Needs the permission `partner:read`.
         */
        get: operations["getPartner"];
        put?: never;
        post?: never;
        /**
         * Delete a partner that has nothing left
         * @description Needs the permission `partner:write`.
         */
        delete: operations["deletePartner"];
        options?: never;
        head?: never;
        /**
         * Change a partner
         * @description Needs the permission `partner:write`.
         */
        patch: operations["updatePartner"];
        trace?: never;
    };
    "/api/v1/pause": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Pause: no transfer starts until somebody resumes; what runs goes on
         * @description Needs the permission `setting:write`.
         */
        post: operations["pauseInstallation"];
        /**
         * Resume after a pause
         * @description Needs the permission `setting:write`.
         */
        delete: operations["resumeInstallation"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/session": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Sign in: e-mail and password for a session cookie */
        post: operations["signIn"];
        /** Sign out */
        delete: operations["signOut"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/set-up": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Tell whether the first administrator is still to be made */
        get: operations["getSetUp"];
        put?: never;
        /** Make the first administrator, with the one-time token, and sign in */
        post: operations["setUp"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/users": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List users, by name
         * @description Needs the permission `user:read`.
         */
        get: operations["listUsers"];
        put?: never;
        /**
         * Add a user
         * @description Needs the permission `user:write`.
         */
        post: operations["createUser"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/users/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read a user
         * @description Needs the permission `user:read`.
         */
        get: operations["getUser"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        /**
         * Change name or role, disable or enable; who is disabled is signed out
         * @description Needs the permission `user:write`.
         */
        patch: operations["updateUser"];
        trace?: never;
    };
    "/api/v1/users/{id}/password": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Reset a password; the account is unlocked and signed out
         * @description Needs the permission `user:write`.
         */
        post: operations["resetUserPassword"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/healthz": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The process answers */
        get: operations["getHealth"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/metrics": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Measures for Prometheus; scrape with an API key
         * @description Needs the permission `metrics:read`.
         */
        get: operations["getMetrics"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/readyz": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Everything that is needed is there; otherwise 503 names what is missing */
        get: operations["getReadiness"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
}
export type webhooks = Record<string, never>;
export interface components {
    schemas: {
        ApiKey: {
            /** Format: date-time */
            createdAt: string;
            /** Format: date-time */
            expiresAt: string | null;
            /** Format: uuid */
            id: string;
            /** Format: date-time */
            lastUsedAt: string | null;
            name: string;
            prefix: string;
            /** Format: date-time */
            revokedAt: string | null;
            /** @enum {string} */
            role: "administrator" | "operator" | "auditor";
        };
        ApiKeyCreate: {
            /** Format: date-time */
            expiresAt?: string | null;
            name: string;
            /** @enum {string} */
            role: "administrator" | "operator" | "auditor";
        };
        ApiKeyCreated: {
            /** Format: date-time */
            createdAt: string;
            /** Format: date-time */
            expiresAt: string | null;
            /** Format: uuid */
            id: string;
            /** @description The key itself. It is shown this once. */
            key: string;
            /** Format: date-time */
            lastUsedAt: string | null;
            name: string;
            prefix: string;
            /** Format: date-time */
            revokedAt: string | null;
            /** @enum {string} */
            role: "administrator" | "operator" | "auditor";
        };
        ApiKeyPage: {
            items: components["schemas"]["ApiKey"][];
            /** @description Null on the last page. */
            nextCursor: string | null;
        };
        AuditEvent: {
            /** @enum {string} */
            action: "installation.set_up" | "user.created" | "user.updated" | "user.password_reset" | "user.password_changed" | "user.signed_in" | "user.sign_in_failed" | "user.locked" | "user.signed_out" | "access.denied" | "api_key.created" | "api_key.revoked" | "partner.created" | "partner.updated" | "partner.deleted" | "endpoint.created" | "endpoint.updated" | "endpoint.deleted" | "endpoint.test_requested" | "endpoint.tested" | "endpoint.held" | "endpoint.released" | "credential.created" | "credential.updated" | "credential.password_set" | "credential.deleted" | "certificate.imported" | "certificate.deleted" | "route.created" | "route.updated" | "route.deleted" | "route.held" | "route.released" | "schedule.created" | "schedule.updated" | "schedule.deleted" | "schedule.run_skipped" | "network_allow.created" | "network_allow.deleted" | "setting.changed" | "installation.paused" | "installation.resumed" | "transfer.requested" | "transfer.started" | "transfer.planned" | "transfer.retry_scheduled" | "transfer.held" | "transfer.released" | "transfer.recovered" | "transfer.interrupted" | "transfer.cancel_requested" | "transfer.cancelled" | "transfer.succeeded" | "transfer.ended_partial" | "transfer.failed" | "transfer_file.delivered" | "transfer_file.failed" | "transfer_file.uncertain" | "transfer_file.after_action_done" | "transfer_file.after_action_failed" | "notification.sent" | "notification.failed" | "audit.read";
            actor: {
                /** Format: uuid */
                id: string | null;
                /** @enum {string} */
                kind: "user" | "api_key" | "system" | "cli" | "anonymous";
                name: string;
            };
            /** @description By the catalogue of actions. */
            details: {
                [key: string]: unknown;
            };
            /** Format: uuid */
            id: string;
            object: {
                id: string | null;
                kind: string;
                name: string;
            };
            /** Format: date-time */
            occurredAt: string;
            originIp: string | null;
            /** @enum {string} */
            outcome: "succeeded" | "failed" | "denied";
            /** Format: uuid */
            partnerId: string | null;
            /** Format: date-time */
            recordedAt: string;
            requestId: string | null;
        };
        AuditEventPage: {
            items: components["schemas"]["AuditEvent"][];
            /** @description Null on the last page. */
            nextCursor: string | null;
        };
        Health: {
            /** @enum {string} */
            status: "ok";
        };
        LiveEvent: {
            bytesPerSecond: number | null;
            deliveredCount: number;
            file: {
                /** Format: uuid */
                id: string;
                movedBytes: number;
                /** @enum {string} */
                state: "planned" | "moving" | "delivered" | "failed" | "skipped" | "uncertain";
            } | null;
            fileCount: number;
            /** @enum {string} */
            kind: "transfer";
            movedBytes: number;
            /** @enum {string} */
            state: "queued" | "running" | "waiting" | "held" | "succeeded" | "partial" | "failed" | "cancelled";
            totalBytes: number;
            /** Format: uuid */
            transferId: string;
        } | {
            /** Format: uuid */
            endpointTestId: string;
            /** @enum {string} */
            kind: "endpoint_test";
        };
        Me: {
            email: string | null;
            /** Format: uuid */
            id: string;
            /** @enum {string} */
            kind: "user" | "api_key";
            name: string;
            permissions: ("partner:read" | "partner:write" | "endpoint:read" | "endpoint:write" | "endpoint:test" | "credential:read" | "credential:write" | "certificate:read" | "certificate:write" | "route:read" | "route:write" | "schedule:read" | "schedule:write" | "transfer:read" | "transfer:start" | "transfer:cancel" | "audit:read" | "user:read" | "user:write" | "api-key:read" | "api-key:write" | "network:read" | "network:write" | "setting:read" | "setting:write" | "metrics:read")[];
            /** @enum {string} */
            role: "administrator" | "operator" | "auditor";
            /** Format: date-time */
            sessionExpiresAt: string | null;
        };
        NetworkAllow: {
            cidr: string;
            /** Format: date-time */
            createdAt: string;
            fromPort: number;
            /** Format: uuid */
            id: string;
            note: string;
            toPort: number;
        };
        NetworkAllowCreate: {
            /** @description As in 10.20.0.0/16 or 127.0.0.1/32. */
            cidr: string;
            fromPort: number;
            note?: string;
            toPort: number;
        };
        NetworkAllowPage: {
            items: components["schemas"]["NetworkAllow"][];
            /** @description Null on the last page. */
            nextCursor: string | null;
        };
        Overview: {
            counts: {
                bytes24h: number;
                failed24h: number;
                held: number;
                heldEndpoints: number;
                heldRoutes: number;
                partial24h: number;
                queued: number;
                running: number;
                succeeded24h: number;
                waiting: number;
            };
            /** @description The next ten planned runs. */
            due: {
                /** Format: date-time */
                dueAt: string;
                /** Format: uuid */
                routeId: string;
                routeName: string;
                /** Format: uuid */
                scheduleId: string;
                scheduleName: string;
            }[];
            /** @description Within 60 days; at most ten. */
            expiringCertificates: {
                /** Format: uuid */
                id: string;
                name: string;
                /** Format: date-time */
                notAfter: string;
            }[];
            paused: {
                /** Format: date-time */
                at: string;
                by: string;
                reason: string;
            } | null;
            /** @description At most ten. */
            running: components["schemas"]["TransferSummary"][];
            /** @description Failed, partial, held or waiting within 24 hours; at most ten. */
            troubled: components["schemas"]["TransferSummary"][];
            workers: {
                alive: number;
                /** Format: date-time */
                lastSeenAt: string | null;
            };
        };
        Partner: {
            contactEmail: string;
            contactName: string;
            /** Format: date-time */
            createdAt: string;
            description: string;
            endpointCount: number;
            /** Format: uuid */
            id: string;
            /** @description The newest transfer of any of its routes. */
            lastTransfer: {
                /** Format: date-time */
                createdAt: string;
                /** Format: uuid */
                id: string;
                state: string;
            } | null;
            name: string;
            routeCount: number;
            tags: string[];
            /** Format: date-time */
            updatedAt: string;
        };
        PartnerCreate: {
            contactEmail?: string | "";
            contactName?: string;
            description?: string;
            name: string;
            tags?: string[];
        };
        PartnerPage: {
            items: components["schemas"]["Partner"][];
            /** @description Null on the last page. */
            nextCursor: string | null;
        };
        PartnerUpdate: {
            contactEmail?: string | "";
            contactName?: string;
            description?: string;
            name?: string;
            tags?: string[];
        };
        PasswordChange: {
            currentPassword: string;
            newPassword: string;
        };
        Pause: {
            reason: string;
        };
        Problem: {
            /** @enum {string} */
            code: "invalid_input" | "invalid_cursor" | "not_signed_in" | "sign_in_failed" | "wrong_origin" | "forbidden" | "not_found" | "name_taken" | "in_use" | "wrong_state" | "paused" | "held" | "idempotency_conflict" | "password_needed" | "last_administrator" | "unprocessable" | "too_large" | "too_many_requests" | "internal" | "not_ready";
            detail?: string;
            /** @description What is wrong with which field. */
            errors?: {
                message: string;
                /** @description As in "trust.certificateIds.0". */
                path: string;
            }[];
            /** @description Name it when you ask for help. */
            requestId?: string;
            status: number;
            title: string;
            /** @description "about:blank#" and the code. */
            type: string;
        };
        Readiness: {
            checks: ("database" | "queue" | "migrations" | "worker")[];
            /** @enum {string} */
            status: "ready";
        };
        SetUp: {
            email: string;
            name: string;
            password: string;
            token: string;
        };
        SetUpState: {
            /** @enum {boolean} */
            open: true;
        };
        SignIn: {
            email: string;
            password: string;
        };
        TransferSummary: {
            cancelRequested: boolean;
            /** @enum {string} */
            cause: "manual" | "api" | "schedule" | "resend";
            /** Format: date-time */
            createdAt: string;
            deliveredCount: number;
            failureKind: string | null;
            failureText: string | null;
            fileCount: number;
            /** Format: date-time */
            finishedAt: string | null;
            /** Format: uuid */
            id: string;
            maxTries: number;
            movedBytes: number;
            /** Format: date-time */
            nextTryAt: string | null;
            partner: {
                /** Format: uuid */
                id: string;
                name: string;
            } | null;
            requestedBy: string;
            route: {
                /** Format: uuid */
                id: string;
                name: string;
            };
            sourceName: string;
            /** Format: date-time */
            startedAt: string | null;
            /** @enum {string} */
            state: "queued" | "running" | "waiting" | "held" | "succeeded" | "partial" | "failed" | "cancelled";
            targetName: string;
            totalBytes: number;
            tryCount: number;
        };
        User: {
            /** Format: date-time */
            createdAt: string;
            /** Format: date-time */
            disabledAt: string | null;
            email: string;
            /** Format: uuid */
            id: string;
            /** Format: date-time */
            lastSignInAt: string | null;
            /** Format: date-time */
            lockedUntil: string | null;
            name: string;
            /** @enum {string} */
            role: "administrator" | "operator" | "auditor";
        };
        UserCreate: {
            email: string;
            name: string;
            password: string;
            /** @enum {string} */
            role: "administrator" | "operator" | "auditor";
        };
        UserPage: {
            items: components["schemas"]["User"][];
            /** @description Null on the last page. */
            nextCursor: string | null;
        };
        UserPasswordReset: {
            password: string;
        };
        UserUpdate: {
            disabled?: boolean;
            name?: string;
            /** @enum {string} */
            role?: "administrator" | "operator" | "auditor";
        };
    };
    responses: {
        /** @description What went wrong. */
        Problem: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
    };
    parameters: never;
    requestBodies: never;
    headers: never;
    pathItems: never;
}
export type $defs = Record<string, never>;
export interface operations {
    getDocument: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OpenAPI 3.0. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": Record<string, never>;
                };
            };
            429: components["responses"]["Problem"];
            default: components["responses"]["Problem"];
        };
    };
    listApiKeys: {
        parameters: {
            query?: {
                /** @description Where the page starts: nextCursor of the page before. */
                cursor?: string;
                /** @description Rows a page, 50 unless told. */
                limit?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApiKeyPage"];
                };
            };
            400: components["responses"]["Problem"];
            401: components["responses"]["Problem"];
            403: components["responses"]["Problem"];
            429: components["responses"]["Problem"];
            default: components["responses"]["Problem"];
        };
    };
    createApiKey: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ApiKeyCreate"];
            };
        };
        responses: {
            /** @description Created */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApiKeyCreated"];
                };
            };
            400: components["responses"]["Problem"];
            401: components["responses"]["Problem"];
            403: components["responses"]["Problem"];
            409: components["responses"]["Problem"];
            429: components["responses"]["Problem"];
            default: components["responses"]["Problem"];
        };
    };
    revokeApiKey: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApiKey"];
                };
            };
            400: components["responses"]["Problem"];
            401: components["responses"]["Problem"];
            403: components["responses"]["Problem"];
            404: components["responses"]["Problem"];
            409: components["responses"]["Problem"];
            429: components["responses"]["Problem"];
            default: components["responses"]["Problem"];
        };
    };
    listAuditEvents: {
        parameters: {
            query?: {
                action?: "installation.set_up" | "user.created" | "user.updated" | "user.password_reset" | "user.password_changed" | "user.signed_in" | "user.sign_in_failed" | "user.locked" | "user.signed_out" | "access.denied" | "api_key.created" | "api_key.revoked" | "partner.created" | "partner.updated" | "partner.deleted" | "endpoint.created" | "endpoint.updated" | "endpoint.deleted" | "endpoint.test_requested" | "endpoint.tested" | "endpoint.held" | "endpoint.released" | "credential.created" | "credential.updated" | "credential.password_set" | "credential.deleted" | "certificate.imported" | "certificate.deleted" | "route.created" | "route.updated" | "route.deleted" | "route.held" | "route.released" | "schedule.created" | "schedule.updated" | "schedule.deleted" | "schedule.run_skipped" | "network_allow.created" | "network_allow.deleted" | "setting.changed" | "installation.paused" | "installation.resumed" | "transfer.requested" | "transfer.started" | "transfer.planned" | "transfer.retry_scheduled" | "transfer.held" | "transfer.released" | "transfer.recovered" | "transfer.interrupted" | "transfer.cancel_requested" | "transfer.cancelled" | "transfer.succeeded" | "transfer.ended_partial" | "transfer.failed" | "transfer_file.delivered" | "transfer_file.failed" | "transfer_file.uncertain" | "transfer_file.after_action_done" | "transfer_file.after_action_failed" | "notification.sent" | "notification.failed" | "audit.read";
                actorId?: string;
                /** @description Where the page starts: nextCursor of the page before. */
                cursor?: string;
                /** @description Recorded at or after. */
                from?: string;
                /** @description Rows a page, 50 unless told. */
                limit?: number;
                objectId?: string;
                objectKind?: string;
                outcome?: "succeeded" | "failed" | "denied";
                partnerId?: string;
                /** @description Part of the name of actor or object. */
                search?: string;
                /** @description Recorded before. */
                to?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AuditEventPage"];
                };
            };
            400: components["responses"]["Problem"];
            401: components["responses"]["Problem"];
            403: components["responses"]["Problem"];
            429: components["responses"]["Problem"];
            default: components["responses"]["Problem"];
        };
    };
    followLive: {
        parameters: {
            query?: {
                /** @description Only this endpoint test. */
                endpointTestId?: string;
                /** @description Only this transfer, with its files. */
                transferId?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Server-sent events; the data of each is one LiveEvent. Ends when the session or the key ends. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/event-stream": components["schemas"]["LiveEvent"];
                };
            };
            400: components["responses"]["Problem"];
            401: components["responses"]["Problem"];
            403: components["responses"]["Problem"];
            429: components["responses"]["Problem"];
            default: components["responses"]["Problem"];
        };
    };
    getMe: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Me"];
                };
            };
            401: components["responses"]["Problem"];
            403: components["responses"]["Problem"];
            429: components["responses"]["Problem"];
            default: components["responses"]["Problem"];
        };
    };
    changeOwnPassword: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["PasswordChange"];
            };
        };
        responses: {
            /** @description Done */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["Problem"];
            401: components["responses"]["Problem"];
            403: components["responses"]["Problem"];
            409: components["responses"]["Problem"];
            429: components["responses"]["Problem"];
            default: components["responses"]["Problem"];
        };
    };
    listNetworkAllows: {
        parameters: {
            query?: {
                /** @description Where the page starts: nextCursor of the page before. */
                cursor?: string;
                /** @description Rows a page, 50 unless told. */
                limit?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["NetworkAllowPage"];
                };
            };
            400: components["responses"]["Problem"];
            401: components["responses"]["Problem"];
            403: components["responses"]["Problem"];
            429: components["responses"]["Problem"];
            default: components["responses"]["Problem"];
        };
    };
    createNetworkAllow: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NetworkAllowCreate"];
            };
        };
        responses: {
            /** @description Created */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["NetworkAllow"];
                };
            };
            400: components["responses"]["Problem"];
            401: components["responses"]["Problem"];
            403: components["responses"]["Problem"];
            409: components["responses"]["Problem"];
            429: components["responses"]["Problem"];
            default: components["responses"]["Problem"];
        };
    };
    deleteNetworkAllow: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["Problem"];
            401: components["responses"]["Problem"];
            403: components["responses"]["Problem"];
            404: components["responses"]["Problem"];
            409: components["responses"]["Problem"];
            429: components["responses"]["Problem"];
            default: components["responses"]["Problem"];
        };
    };
    getOverview: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Overview"];
                };
            };
            401: components["responses"]["Problem"];
            403: components["responses"]["Problem"];
            429: components["responses"]["Problem"];
            default: components["responses"]["Problem"];
        };
    };
    listPartners: {
        parameters: {
            query?: {
                /** @description Where the page starts: nextCursor of the page before. */
                cursor?: string;
                /** @description Rows a page, 50 unless told. */
                limit?: number;
                /** @description Part of the name. */
                search?: string;
                tag?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PartnerPage"];
                };
            };
            400: components["responses"]["Problem"];
            401: components["responses"]["Problem"];
            403: components["responses"]["Problem"];
            429: components["responses"]["Problem"];
            default: components["responses"]["Problem"];
        };
    };
    createPartner: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["PartnerCreate"];
            };
        };
        responses: {
            /** @description Created */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Partner"];
                };
            };
            400: components["responses"]["Problem"];
            401: components["responses"]["Problem"];
            403: components["responses"]["Problem"];
            409: components["responses"]["Problem"];
            429: components["responses"]["Problem"];
            default: components["responses"]["Problem"];
        };
    };
    getPartner: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Partner"];
                };
            };
            400: components["responses"]["Problem"];
            401: components["responses"]["Problem"];
            403: components["responses"]["Problem"];
            404: components["responses"]["Problem"];
            429: components["responses"]["Problem"];
            default: components["responses"]["Problem"];
        };
    };
    deletePartner: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["Problem"];
            401: components["responses"]["Problem"];
            403: components["responses"]["Problem"];
            404: components["responses"]["Problem"];
            409: components["responses"]["Problem"];
            429: components["responses"]["Problem"];
            default: components["responses"]["Problem"];
        };
    };
    updatePartner: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["PartnerUpdate"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Partner"];
                };
            };
            400: components["responses"]["Problem"];
            401: components["responses"]["Problem"];
            403: components["responses"]["Problem"];
            404: components["responses"]["Problem"];
            409: components["responses"]["Problem"];
            429: components["responses"]["Problem"];
            default: components["responses"]["Problem"];
        };
    };
    pauseInstallation: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Pause"];
            };
        };
        responses: {
            /** @description Done */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["Problem"];
            401: components["responses"]["Problem"];
            403: components["responses"]["Problem"];
            409: components["responses"]["Problem"];
            429: components["responses"]["Problem"];
            default: components["responses"]["Problem"];
        };
    };
    resumeInstallation: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            401: components["responses"]["Problem"];
            403: components["responses"]["Problem"];
            409: components["responses"]["Problem"];
            429: components["responses"]["Problem"];
            default: components["responses"]["Problem"];
        };
    };
    signIn: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["SignIn"];
            };
        };
        responses: {
            /** @description Created */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Me"];
                };
            };
            400: components["responses"]["Problem"];
            409: components["responses"]["Problem"];
            429: components["responses"]["Problem"];
            default: components["responses"]["Problem"];
        };
    };
    signOut: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            401: components["responses"]["Problem"];
            403: components["responses"]["Problem"];
            409: components["responses"]["Problem"];
            429: components["responses"]["Problem"];
            default: components["responses"]["Problem"];
        };
    };
    getSetUp: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SetUpState"];
                };
            };
            429: components["responses"]["Problem"];
            default: components["responses"]["Problem"];
        };
    };
    setUp: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["SetUp"];
            };
        };
        responses: {
            /** @description Created */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Me"];
                };
            };
            400: components["responses"]["Problem"];
            409: components["responses"]["Problem"];
            429: components["responses"]["Problem"];
            default: components["responses"]["Problem"];
        };
    };
    listUsers: {
        parameters: {
            query?: {
                /** @description Where the page starts: nextCursor of the page before. */
                cursor?: string;
                /** @description Rows a page, 50 unless told. */
                limit?: number;
                search?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["UserPage"];
                };
            };
            400: components["responses"]["Problem"];
            401: components["responses"]["Problem"];
            403: components["responses"]["Problem"];
            429: components["responses"]["Problem"];
            default: components["responses"]["Problem"];
        };
    };
    createUser: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["UserCreate"];
            };
        };
        responses: {
            /** @description Created */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["User"];
                };
            };
            400: components["responses"]["Problem"];
            401: components["responses"]["Problem"];
            403: components["responses"]["Problem"];
            409: components["responses"]["Problem"];
            429: components["responses"]["Problem"];
            default: components["responses"]["Problem"];
        };
    };
    getUser: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["User"];
                };
            };
            400: components["responses"]["Problem"];
            401: components["responses"]["Problem"];
            403: components["responses"]["Problem"];
            404: components["responses"]["Problem"];
            429: components["responses"]["Problem"];
            default: components["responses"]["Problem"];
        };
    };
    updateUser: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["UserUpdate"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["User"];
                };
            };
            400: components["responses"]["Problem"];
            401: components["responses"]["Problem"];
            403: components["responses"]["Problem"];
            404: components["responses"]["Problem"];
            409: components["responses"]["Problem"];
            429: components["responses"]["Problem"];
            default: components["responses"]["Problem"];
        };
    };
    resetUserPassword: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["UserPasswordReset"];
            };
        };
        responses: {
            /** @description Done */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["Problem"];
            401: components["responses"]["Problem"];
            403: components["responses"]["Problem"];
            404: components["responses"]["Problem"];
            409: components["responses"]["Problem"];
            429: components["responses"]["Problem"];
            default: components["responses"]["Problem"];
        };
    };
    getHealth: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Health"];
                };
            };
            429: components["responses"]["Problem"];
            default: components["responses"]["Problem"];
        };
    };
    getMetrics: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Prometheus text format. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/plain": string;
                };
            };
            401: components["responses"]["Problem"];
            403: components["responses"]["Problem"];
            429: components["responses"]["Problem"];
            default: components["responses"]["Problem"];
        };
    };
    getReadiness: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Readiness"];
                };
            };
            429: components["responses"]["Problem"];
            default: components["responses"]["Problem"];
        };
    };
}
