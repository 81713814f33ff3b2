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
    "/api/v1/certificates": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List certificates and pinned keys, by name
         * @description Needs the permission `certificate:read`.
         */
        get: operations["listCertificates"];
        put?: never;
        /**
         * Import the certificate of a CA, a key to pin, or a certificate of ours with its key
         * @description Needs the permission `certificate:write`.
         */
        post: operations["importCertificate"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/certificates/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read a certificate
         * @description Needs the permission `certificate:read`.
         */
        get: operations["getCertificate"];
        put?: never;
        post?: never;
        /**
         * Delete a certificate that no endpoint trusts or shows
         * @description Needs the permission `certificate:write`.
         */
        delete: operations["deleteCertificate"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/credentials": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List credentials, by name
         * @description Needs the permission `credential:read`.
         */
        get: operations["listCredentials"];
        put?: never;
        /**
         * Add a credential, sealed for one server
         * @description Needs the permission `credential:write`.
         */
        post: operations["createCredential"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/credentials/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read a credential; never its password
         * @description Needs the permission `credential:read`.
         */
        get: operations["getCredential"];
        put?: never;
        post?: never;
        /**
         * Delete a credential that no endpoint uses
         * @description Needs the permission `credential:write`.
         */
        delete: operations["deleteCredential"];
        options?: never;
        head?: never;
        /**
         * Change a credential, or give it a new password
         * @description Needs the permission `credential:write`.
         */
        patch: operations["updateCredential"];
        trace?: never;
    };
    "/api/v1/endpoint-tests/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read a connection test, also while it runs
         * @description Needs the permission `endpoint:read`.
         */
        get: operations["getEndpointTest"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/endpoints": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List endpoints, by name
         * @description Needs the permission `endpoint:read`.
         */
        get: operations["listEndpoints"];
        put?: never;
        /**
         * Add an endpoint
         * @description Needs the permission `endpoint:write`.
         */
        post: operations["createEndpoint"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/endpoints/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read an endpoint
         * @description Needs the permission `endpoint:read`.
         */
        get: operations["getEndpoint"];
        put?: never;
        post?: never;
        /**
         * Delete an endpoint that no route uses
         * @description Needs the permission `endpoint:write`.
         */
        delete: operations["deleteEndpoint"];
        options?: never;
        head?: never;
        /**
         * Change an endpoint; another host or trust needs the password again
         * @description Needs the permission `endpoint:write`.
         */
        patch: operations["updateEndpoint"];
        trace?: never;
    };
    "/api/v1/endpoints/{id}/exceptions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Ask for an exception for an endpoint; for people, not for API keys
         * @description Needs the permission `exception:request`.
         */
        post: operations["requestException"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/endpoints/{id}/release": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Release an endpoint that is on hold
         * @description Needs the permission `endpoint:write`.
         */
        post: operations["releaseEndpoint"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/endpoints/{id}/test": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Ask a worker to try the connection; read the answer at /endpoint-tests/:id
         * @description Needs the permission `endpoint:test`.
         */
        post: operations["testEndpoint"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/endpoints/{id}/tests": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List the latest connection tests of an endpoint, newest first
         * @description Needs the permission `endpoint:read`.
         */
        get: operations["listEndpointTests"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/exceptions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List exceptions, newest first
         * @description Needs the permission `exception:read`.
         */
        get: operations["listExceptions"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/exceptions/{id}/approve": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Approve an exception that somebody else has asked for; for people, not for API keys
         * @description Needs the permission `exception:approve`.
         */
        post: operations["approveException"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/exceptions/{id}/end": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * End an exception before its time, or withdraw the request for one
         * @description Needs the permission `exception:request`.
         */
        post: operations["endException"];
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
         * Follow transfers, endpoint tests and pauses as they happen
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
    "/api/v1/local-roots": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List the local roots that are configured
         * @description Needs the permission `endpoint:read`.
         */
        get: operations["listLocalRoots"];
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
    "/api/v1/routes": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List routes, by name
         * @description Needs the permission `route:read`.
         */
        get: operations["listRoutes"];
        put?: never;
        /**
         * Add a route
         * @description Needs the permission `route:write`.
         */
        post: operations["createRoute"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/routes/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read a route
         * @description Needs the permission `route:read`.
         */
        get: operations["getRoute"];
        put?: never;
        post?: never;
        /**
         * Delete a route that has no transfers on record, with its schedules
         * @description Needs the permission `route:write`.
         */
        delete: operations["deleteRoute"];
        options?: never;
        head?: never;
        /**
         * Change a route; transfers under way go on as they were asked for
         * @description Needs the permission `route:write`.
         */
        patch: operations["updateRoute"];
        trace?: never;
    };
    "/api/v1/routes/{id}/release": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Release a route that is on hold
         * @description Needs the permission `route:write`.
         */
        post: operations["releaseRoute"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/schedules": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List schedules, by name
         * @description Needs the permission `schedule:read`.
         */
        get: operations["listSchedules"];
        put?: never;
        /**
         * Add a schedule to a route
         * @description Needs the permission `schedule:write`.
         */
        post: operations["createSchedule"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/schedules/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read a schedule
         * @description Needs the permission `schedule:read`.
         */
        get: operations["getSchedule"];
        put?: never;
        post?: never;
        /**
         * Delete a schedule; transfers that it has started stay on record
         * @description Needs the permission `schedule:write`.
         */
        delete: operations["deleteSchedule"];
        options?: never;
        head?: never;
        /**
         * Change a schedule; another cron or zone, or enabling it, plans its next run anew
         * @description Needs the permission `schedule:write`.
         */
        patch: operations["updateSchedule"];
        trace?: never;
    };
    "/api/v1/schedules/preview": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Show the runs that a schedule would have, before it is saved
         * @description Needs the permission `schedule:read`.
         */
        get: operations["previewSchedule"];
        put?: never;
        post?: never;
        delete?: never;
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
    "/api/v1/transfers": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List transfers, newest first
         * @description Needs the permission `transfer:read`.
         */
        get: operations["listTransfers"];
        put?: never;
        /**
         * Start a transfer of a route
         * @description Needs the permission `transfer:start`.
         */
        post: operations["startTransfer"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/transfers/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read a transfer
         * @description Needs the permission `transfer:read`.
         */
        get: operations["getTransfer"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/transfers/{id}/attempts": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List the attempts of a transfer with their steps and TLS facts, newest first
         * @description Needs the permission `transfer:read`.
         */
        get: operations["listAttempts"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/transfers/{id}/attempts/{attemptId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read an attempt, with the FTP dialogue
         * @description Needs the permission `transfer:read`.
         */
        get: operations["getAttempt"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/transfers/{id}/cancel": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Cancel a transfer; one that runs ends within two seconds (where its worker is alive; otherwise when its lease has ended, after up to half a minute)
         * @description Needs the permission `transfer:cancel`.
         */
        post: operations["cancelTransfer"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/transfers/{id}/files": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List the files of a transfer, in the order in which they are moved
         * @description Needs the permission `transfer:read`.
         */
        get: operations["listTransferFiles"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/transfers/{id}/resend": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Send the files of a transfer again, as a new transfer
         * @description Needs the permission `transfer:start`.
         */
        post: operations["resendTransfer"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/transfers/{id}/try-now": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Try a transfer now that waits for its next try
         * @description Needs the permission `transfer:start`.
         */
        post: operations["tryNow"];
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
        Attempt: {
            bytes: number;
            /** @description Of what was sent, over the time in which it was. */
            bytesPerSecond: number | null;
            /** @description All bytes were sent and the server’s final reply was lost; that they had arrived was found out by looking, and nothing was sent twice. */
            confirmationLost: boolean;
            connections: {
                address: string | null;
                clientCertificateSha256?: string | null;
                control: {
                    cipher: string;
                    peerFingerprintSha256: string | null;
                    peerSubject: string | null;
                    protocol: string;
                    resumed: boolean;
                } | null;
                data: {
                    cipher: string;
                    peerFingerprintSha256: string | null;
                    peerSubject: string | null;
                    protocol: string;
                    resumed: boolean;
                } | null;
                /** @enum {string|null} */
                dataMode?: "epsv" | "pasv" | "active" | null;
                /** @enum {string|null} */
                dataProtection?: "private" | "clear" | "none" | null;
                encoding?: string | null;
                greeting: string | null;
                /** @enum {string} */
                protocol: "ftps_explicit" | "ftps_implicit" | "ftps_implicit_zos" | "ftp" | "local_folder";
                proxy?: {
                    address: string;
                    /** @enum {string} */
                    kind: "http_connect" | "socks5";
                } | null;
                serverName: string | null;
                /** @enum {string} */
                side: "source" | "target";
            }[];
            dialogue: {
                /** Format: date-time */
                at: string;
                /** @enum {string} */
                from: "us" | "server";
                /** @enum {string} */
                side?: "source" | "target";
                text: string;
            }[];
            durationMs: number | null;
            failureKind: string | null;
            failureStep: string | null;
            failureText: string | null;
            /**
             * Format: uuid
             * @description Null where the try ended before a file was reached.
             */
            fileId: string | null;
            fileName: string | null;
            /** Format: date-time */
            finishedAt: string | null;
            /** Format: uuid */
            id: string;
            /** @enum {string} */
            outcome: "delivered" | "failed" | "cancelled" | "uncertain";
            /** @description How many of the bytes an earlier try had left at the target, so that only the others were sent; null where all were. */
            resumedFromBytes: number | null;
            sha256: string | null;
            /** Format: date-time */
            startedAt: string;
            timeline: {
                detail: string | null;
                durationMs: number;
                /** @enum {string} */
                outcome: "ok" | "failed" | "stopped" | "running";
                /** @enum {string|null} */
                side: "source" | "target" | null;
                /** Format: date-time */
                startedAt: string;
                /** @enum {string} */
                step: "resolve" | "connect" | "tls" | "login" | "protect" | "list" | "transfer" | "confirm" | "verify" | "rename" | "cleanup";
            }[];
            tryNumber: number;
            /** @description How it was verified: server_hash (a hash computed by the server), read_back (read again from the target), size, none (both channels said that it was complete), or compared (found at the target by a later try, with the SHA-256 of what was sent). */
            verification: string | null;
            /** @description The hash that was compared: SHA-256, SHA-512, SHA-1, MD5 or CRC32; null where none was. SHA-1, MD5 and CRC32 show accidents, not intent. */
            verificationAlgorithm: string | null;
            /**
             * @description Who has to act first: us (who set up Waybill), the partner, or network (whoever runs the network and the firewalls on the way). Null where nobody has to, or it may pass by itself.
             * @enum {string|null}
             */
            whoActs: "us" | "partner" | "network" | null;
            workerId: string;
        };
        AttemptPage: {
            items: components["schemas"]["AttemptSummary"][];
            /** @description Null on the last page. */
            nextCursor: string | null;
        };
        AttemptSummary: {
            bytes: number;
            /** @description Of what was sent, over the time in which it was. */
            bytesPerSecond: number | null;
            /** @description All bytes were sent and the server’s final reply was lost; that they had arrived was found out by looking, and nothing was sent twice. */
            confirmationLost: boolean;
            connections: {
                address: string | null;
                clientCertificateSha256?: string | null;
                control: {
                    cipher: string;
                    peerFingerprintSha256: string | null;
                    peerSubject: string | null;
                    protocol: string;
                    resumed: boolean;
                } | null;
                data: {
                    cipher: string;
                    peerFingerprintSha256: string | null;
                    peerSubject: string | null;
                    protocol: string;
                    resumed: boolean;
                } | null;
                /** @enum {string|null} */
                dataMode?: "epsv" | "pasv" | "active" | null;
                /** @enum {string|null} */
                dataProtection?: "private" | "clear" | "none" | null;
                encoding?: string | null;
                greeting: string | null;
                /** @enum {string} */
                protocol: "ftps_explicit" | "ftps_implicit" | "ftps_implicit_zos" | "ftp" | "local_folder";
                proxy?: {
                    address: string;
                    /** @enum {string} */
                    kind: "http_connect" | "socks5";
                } | null;
                serverName: string | null;
                /** @enum {string} */
                side: "source" | "target";
            }[];
            durationMs: number | null;
            failureKind: string | null;
            failureStep: string | null;
            failureText: string | null;
            /**
             * Format: uuid
             * @description Null where the try ended before a file was reached.
             */
            fileId: string | null;
            fileName: string | null;
            /** Format: date-time */
            finishedAt: string | null;
            /** Format: uuid */
            id: string;
            /** @enum {string} */
            outcome: "delivered" | "failed" | "cancelled" | "uncertain";
            /** @description How many of the bytes an earlier try had left at the target, so that only the others were sent; null where all were. */
            resumedFromBytes: number | null;
            sha256: string | null;
            /** Format: date-time */
            startedAt: string;
            timeline: {
                detail: string | null;
                durationMs: number;
                /** @enum {string} */
                outcome: "ok" | "failed" | "stopped" | "running";
                /** @enum {string|null} */
                side: "source" | "target" | null;
                /** Format: date-time */
                startedAt: string;
                /** @enum {string} */
                step: "resolve" | "connect" | "tls" | "login" | "protect" | "list" | "transfer" | "confirm" | "verify" | "rename" | "cleanup";
            }[];
            tryNumber: number;
            /** @description How it was verified: server_hash (a hash computed by the server), read_back (read again from the target), size, none (both channels said that it was complete), or compared (found at the target by a later try, with the SHA-256 of what was sent). */
            verification: string | null;
            /** @description The hash that was compared: SHA-256, SHA-512, SHA-1, MD5 or CRC32; null where none was. SHA-1, MD5 and CRC32 show accidents, not intent. */
            verificationAlgorithm: string | null;
            /**
             * @description Who has to act first: us (who set up Waybill), the partner, or network (whoever runs the network and the firewalls on the way). Null where nobody has to, or it may pass by itself.
             * @enum {string|null}
             */
            whoActs: "us" | "partner" | "network" | null;
            workerId: string;
        };
        AuditEvent: {
            /** @enum {string} */
            action: "installation.setup_link_issued" | "installation.set_up" | "installation.set_up_failed" | "user.created" | "user.updated" | "user.password_reset" | "user.password_changed" | "user.password_change_failed" | "user.signed_in" | "user.sign_in_failed" | "user.locked" | "user.signed_out" | "access.denied" | "api_key.created" | "api_key.revoked" | "partner.created" | "partner.updated" | "partner.deleted" | "endpoint.created" | "endpoint.updated" | "endpoint.deleted" | "endpoint.test_requested" | "endpoint.tested" | "endpoint.held" | "endpoint.released" | "credential.created" | "credential.updated" | "credential.password_set" | "credential.seal_dropped" | "credential.deleted" | "certificate.imported" | "certificate.deleted" | "exception.requested" | "exception.approved" | "exception.ended" | "route.created" | "route.updated" | "route.deleted" | "route.held" | "route.released" | "schedule.created" | "schedule.updated" | "schedule.deleted" | "schedule.run_skipped" | "network_allow.created" | "network_allow.deleted" | "installation.paused" | "installation.resumed" | "transfer.requested" | "transfer.started" | "transfer.planned" | "transfer.retry_scheduled" | "transfer.try_requested" | "transfer.held" | "transfer.released" | "transfer.recovered" | "transfer.interrupted" | "transfer.cancel_requested" | "transfer.cancelled" | "transfer.succeeded" | "transfer.ended_partial" | "transfer.failed" | "transfer_file.delivered" | "transfer_file.failed" | "transfer_file.uncertain" | "transfer_file.after_action_done" | "transfer_file.after_action_failed" | "notification.sent" | "notification.failed" | "audit.read";
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
        Certificate: {
            /** Format: date-time */
            createdAt: string;
            endpointCount: number;
            fingerprintSha256: string | null;
            /** @description Whether its private key is sealed here, for the worker alone. */
            hasPrivateKey: boolean;
            /** Format: uuid */
            id: string;
            issuer: string | null;
            /** @enum {string} */
            kind: "ca" | "pinned_key" | "client";
            name: string;
            /** Format: date-time */
            notAfter: string | null;
            /** Format: date-time */
            notBefore: string | null;
            /** Format: uuid */
            partnerId: string | null;
            serialNumber: string | null;
            spkiSha256: string;
            subject: string | null;
            /** @description What may keep a server from accepting it; null where nothing does. */
            warning: string | null;
        };
        CertificateImport: {
            /** @enum {string} */
            kind: "ca" | "pinned_key" | "client";
            name: string;
            /** Format: uuid */
            partnerId?: string | null;
            /** @description Where the private key is encrypted. Not kept. */
            passphrase?: string;
            /** @description One certificate in PEM form; behind one of ours may follow its chain. */
            pem?: string;
            /** @description For client: its private key in PEM form. Sealed on arrival, never returned. */
            privateKeyPem?: string;
            /** @description For a pin without a certificate: SHA-256 of the public key, in hex or base64. */
            spkiSha256?: string;
        };
        CertificatePage: {
            items: components["schemas"]["Certificate"][];
            /** @description Null on the last page. */
            nextCursor: string | null;
        };
        Credential: {
            /** Format: date-time */
            createdAt: string;
            endpointCount: number;
            hasPassword: boolean;
            /** Format: uuid */
            id: string;
            name: string;
            /** Format: uuid */
            partnerId: string | null;
            /** Format: date-time */
            rotatedAt: string;
            /** @description The hosts that the password is sealed for. */
            sealedFor: string[];
            username: string;
        };
        CredentialCreate: {
            name: string;
            /** Format: uuid */
            partnerId?: string | null;
            /** @description Sealed on arrival, never returned. */
            password: string;
            /** @description The server that the password is for; it can be opened for no other. */
            sealFor: {
                host: string;
                trust: {
                    /** @description The CA certificates or pinned keys; needed for chosen_cas and pinned_keys. */
                    certificateIds?: string[];
                    /**
                     * @description system_cas: the public CAs. chosen_cas: only the listed CA certificates. pinned_keys: only the listed keys. In every mode the certificate must be in its dates, and for the host or the serverName.
                     * @enum {string}
                     */
                    mode: "system_cas" | "chosen_cas" | "pinned_keys";
                    /** @description The name that the certificate must show, where it is not the host. */
                    serverName?: string | null;
                };
            };
            username: string;
        };
        CredentialPage: {
            items: components["schemas"]["Credential"][];
            /** @description Null on the last page. */
            nextCursor: string | null;
        };
        CredentialUpdate: {
            name?: string;
            /** @description A new password; sealed anew for every server it was sealed for. */
            password?: string;
            username?: string;
        };
        Endpoint: {
            basePath: string;
            clientCertificate: {
                /** Format: uuid */
                id: string;
                name: string;
            } | null;
            connectTimeoutMs: number;
            /** Format: date-time */
            createdAt: string;
            credential: {
                /** Format: uuid */
                id: string;
                name: string;
                username: string;
            } | null;
            /** @description What weakens protection or proof; works only while an exception covers it. */
            deviations: {
                /**
                 * Format: uuid
                 * @description The exception in force that permits it; null where none does.
                 */
                coveredBy: string | null;
                /** Format: date-time */
                coveredUntil: string | null;
                /**
                 * @description plain_ftp: no encryption at all, password included. clear_data: files and listings in the clear (PROT C), the password encrypted. no_verification: written files are not compared.
                 * @enum {string}
                 */
                kind: "plain_ftp" | "clear_data" | "no_verification";
            }[];
            /** @description Whether a password is sealed for this host and trust policy. */
            hasPassword: boolean;
            /** @description Whether a password is sealed for this proxy. */
            hasProxyPassword: boolean;
            /** Format: date-time */
            heldAt: string | null;
            /** @description The kind of failure that put it on hold. */
            heldKind: string | null;
            heldReason: string | null;
            host: string | null;
            /** Format: uuid */
            id: string;
            idleTimeoutMs: number;
            lastTest: {
                /** Format: date-time */
                finishedAt: string | null;
                /** Format: uuid */
                id: string;
                /** @description Whether the endpoint or its password was changed after the test was asked for. */
                isOutdated: boolean;
                state: string;
            } | null;
            name: string;
            partner: {
                /** Format: uuid */
                id: string;
                name: string;
            } | null;
            port: number | null;
            /** @enum {string} */
            protocol: "ftps_explicit" | "ftps_implicit" | "ftps_implicit_zos" | "ftp" | "local_folder";
            proxyCredential: {
                /** Format: uuid */
                id: string;
                name: string;
                username: string;
            } | null;
            rootName: string | null;
            routeCount: number;
            /** @description Null for a local folder. */
            settings: components["schemas"]["FtpsSettings"] | null;
            /** @enum {string|null} */
            tlsMinVersion: "TLSv1.2" | "TLSv1.3" | null;
            trust: {
                certificateIds: string[];
                /** @enum {string} */
                mode: "system_cas" | "chosen_cas" | "pinned_keys";
                serverName: string | null;
            } | null;
            /** Format: date-time */
            updatedAt: string;
        };
        EndpointCreate: {
            basePath?: string;
            /**
             * Format: uuid
             * @description A certificate of ours (kind client) that is shown to a server which asks for one.
             */
            clientCertificateId?: string | null;
            /** @description How long the server may take to answer at first; 20 s unless told. */
            connectTimeoutMs?: number;
            /**
             * Format: uuid
             * @description An existing credential; or give username and password.
             */
            credentialId?: string;
            host: string;
            /** @description How long a command may stay unanswered; 60 s unless told. To confirm a transfer the server has twice that, and 120 s at least; to hash a file, 30 minutes. */
            idleTimeoutMs?: number;
            name: string;
            /** Format: uuid */
            partnerId?: string | null;
            /** @description Sealed for this host and trust policy. Needed again when one of them changes. */
            password?: string;
            /** @description 21 for explicit and plain, 990 for implicit unless told. */
            port?: number;
            /**
             * @description ftps_explicit: AUTH TLS. ftps_implicit: TLS from the first byte. ftps_implicit_zos: TLS right after a greeting in the clear, as z/OS does with SECUREIMPLICITZOS. ftp: no encryption at all; works only under an exception.
             * @enum {string}
             */
            protocol: "ftps_explicit" | "ftps_implicit" | "ftps_implicit_zos" | "ftp";
            /**
             * Format: uuid
             * @description An existing credential for the proxy; or give proxyUsername and proxyPassword. Null: no login.
             */
            proxyCredentialId?: string | null;
            /** @description Sealed for the host of the proxy. Needed again when that changes. */
            proxyPassword?: string;
            /** @description With proxyPassword: makes a credential for the proxy of settings.proxy. */
            proxyUsername?: string;
            /** @description How Waybill speaks with the server; what is left out stays as it is, or as its default. */
            settings?: {
                /** @description In active mode, our address as the server sees it; by default that of the control connection. */
                activeAddress?: (string) | null;
                /** @description In active mode, the first port that the server may connect to. */
                activePortFrom?: number | null;
                /** @description In active mode, the last port that the server may connect to. */
                activePortTo?: number | null;
                /**
                 * @description What explicit FTPS asks for TLS with: AUTH TLS, or AUTH SSL for servers older than RFC 4217.
                 * @enum {string}
                 */
                authCommand?: "TLS" | "SSL";
                /** @description No more KiB a second than this, each way, over all sessions of a worker; unlimited by default. */
                bandwidthKibPerSecond?: number | null;
                /** @description Commands sent once after each login, such as SITE RECFM=FB on z/OS. */
                commandsAfterLogin?: string[];
                /** @description Commands sent before a session ends; a refusal costs no file, and a test of the connection shows it. */
                commandsBeforeQuit?: string[];
                /**
                 * @description Who opens data connections: we do, to a port that EPSV or else PASV tells (`auto`), or the server does, through our firewall and through no proxy (`active`).
                 * @enum {string}
                 */
                dataMode?: "auto" | "epsv" | "pasv" | "active";
                /**
                 * @description Whether data connections are encrypted (PROT P). In the clear (PROT C) works only under an exception.
                 * @enum {string}
                 */
                dataProtection?: "private" | "clear";
                /** @description How long opening a data connection may take. */
                dataTimeoutMs?: number;
                /**
                 * @description The character set of names and messages; nearly every server speaks UTF-8.
                 * @enum {string}
                 */
                encoding?: "utf-8" | "iso-8859-1" | "iso-8859-15" | "windows-1250" | "windows-1251" | "windows-1252" | "cp437" | "cp850" | "koi8-r" | "shift_jis" | "euc-jp" | "euc-kr" | "gb18030" | "big5";
                /**
                 * @description Which addresses of the host are dialled; `any` takes them in the order of the name service.
                 * @enum {string}
                 */
                ipFamily?: "any" | "ipv4" | "ipv6";
                /** @description Whether a written file gets the time of its source (MFMT), where the server can. */
                keepModifiedTime?: boolean;
                /**
                 * @description How folders are listed: with MLSD where the server offers it, else LIST (`auto`), or always with one of them.
                 * @enum {string}
                 */
                listing?: "auto" | "mlsd" | "list";
                /** @description How many sessions a worker opens on the server at once, over all routes. */
                maxConnections?: number;
                /** @description After so many seconds a session is replaced, before the server forgets its TLS session (often 300 s). */
                maxSessionAgeSeconds?: number;
                /** @description Sends NOOP this often while a long transfer runs, for firewalls that forget; 0 never. */
                noopSeconds?: number;
                /** @description Addresses that PASV may lead to besides the server’s own; by default the address in its answer is not used, which is right behind NAT. */
                passiveHosts?: (string)[];
                /** @description A proxy that every connection to the server goes through; none by default. */
                proxy?: {
                    host: string;
                    /** @enum {string} */
                    kind: "http_connect" | "socks5";
                    port: number;
                    /** @description Whether the proxy looks up the server’s name, where this machine cannot; else Waybill does. */
                    resolvesNames: boolean;
                } | null;
                /** @description Whether a transfer that was cut goes on where it stopped, after a check of what is there. */
                resume?: boolean;
                /** @description Says in the handshake that FTP is meant (ALPN “ftp”), against mix-ups with other protocols. */
                sendAlpn?: boolean;
                /** @description Tells the server in the handshake which name is meant (SNI), so that it shows the right certificate. */
                sendServerName?: boolean;
                /** @description How long a transfer may go without a byte before it is given up. */
                stallTimeoutMs?: number;
                /** @description After so many idle seconds TCP shows a firewall that the connection lives; 0 never. */
                tcpKeepAliveSeconds?: number;
                /** @description The folder for temporary names; it must exist. */
                temporaryFolder?: string | null;
                /**
                 * @description Under which name a file is written until it is complete: one with a prefix or suffix, in a folder, or direct under its final name, for servers that forbid renames.
                 * @enum {string}
                 */
                temporaryName?: "prefix" | "suffix" | "folder" | "direct";
                /** @description What a temporary name begins with, where it has a prefix or is in a folder. */
                temporaryPrefix?: string;
                /** @description What a temporary name ends with. */
                temporarySuffix?: string;
                /**
                 * @description The newest TLS that is offered; lower it only for a server that fails with TLS 1.3.
                 * @enum {string}
                 */
                tlsMaxVersion?: "TLSv1.2" | "TLSv1.3";
                /**
                 * @description Whether data connections resume the TLS session of the control connection, as most servers demand.
                 * @enum {string}
                 */
                tlsResumption?: "required" | "preferred" | "off";
                /**
                 * @description Whether bytes are sent as they are (`binary`). ASCII, in which the server changes line ends so that nothing can be compared, works only under an exception.
                 * @enum {string}
                 */
                transferType?: "binary" | "ascii";
                /**
                 * @description How a written file is compared: by the server’s hash, else its size (`best`); only by the hash (`server_hash`); by reading it again where the server has no strong hash (`read_back`); by its size; or not (`none`), which works only under an exception.
                 * @enum {string}
                 */
                verification?: "best" | "server_hash" | "read_back" | "size" | "none";
                /**
                 * @description What happens when it cannot be told whether a file arrived: a person decides, or the next try of the transfer sends it again; after the last one a person decides.
                 * @enum {string}
                 */
                whenUncertain?: "ask" | "send_again";
            };
            /**
             * @description The oldest TLS that is accepted; TLS 1.2 unless told.
             * @enum {string}
             */
            tlsMinVersion?: "TLSv1.2" | "TLSv1.3";
            trust: {
                /** @description The CA certificates or pinned keys; needed for chosen_cas and pinned_keys. */
                certificateIds?: string[];
                /**
                 * @description system_cas: the public CAs. chosen_cas: only the listed CA certificates. pinned_keys: only the listed keys. In every mode the certificate must be in its dates, and for the host or the serverName.
                 * @enum {string}
                 */
                mode: "system_cas" | "chosen_cas" | "pinned_keys";
                /** @description The name that the certificate must show, where it is not the host. */
                serverName?: string | null;
            };
            /** @description With password: makes a credential of its own for the endpoint. */
            username?: string;
        } | {
            basePath?: string;
            name: string;
            /** Format: uuid */
            partnerId?: string | null;
            /** @enum {string} */
            protocol: "local_folder";
            /** @description Which of the configured local roots. */
            rootName: string;
        };
        EndpointPage: {
            items: components["schemas"]["Endpoint"][];
            /** @description Null on the last page. */
            nextCursor: string | null;
        };
        EndpointTest: {
            connection: {
                address: string | null;
                clientCertificateSha256?: string | null;
                control: {
                    cipher: string;
                    peerFingerprintSha256: string | null;
                    peerSubject: string | null;
                    protocol: string;
                    resumed: boolean;
                } | null;
                data: {
                    cipher: string;
                    peerFingerprintSha256: string | null;
                    peerSubject: string | null;
                    protocol: string;
                    resumed: boolean;
                } | null;
                /** @enum {string|null} */
                dataMode?: "epsv" | "pasv" | "active" | null;
                /** @enum {string|null} */
                dataProtection?: "private" | "clear" | "none" | null;
                encoding?: string | null;
                greeting: string | null;
                /** @enum {string} */
                protocol: "ftps_explicit" | "ftps_implicit" | "ftps_implicit_zos" | "ftp" | "local_folder";
                proxy?: {
                    address: string;
                    /** @enum {string} */
                    kind: "http_connect" | "socks5";
                } | null;
                serverName: string | null;
                /** @enum {string} */
                side: "source" | "target";
            } | null;
            /** Format: date-time */
            createdAt: string;
            dialogue: {
                /** Format: date-time */
                at: string;
                /** @enum {string} */
                from: "us" | "server";
                text: string;
            }[];
            /** Format: uuid */
            endpointId: string;
            /** @description How many entries the base folder has. */
            entryCount: number | null;
            failureKind: string | null;
            failureText: string | null;
            /** Format: date-time */
            finishedAt: string | null;
            /** Format: uuid */
            id: string;
            requestedBy: string;
            /** @enum {string} */
            state: "queued" | "running" | "passed" | "failed";
            steps: {
                detail: string | null;
                durationMs: number;
                /** @enum {string} */
                outcome: "ok" | "failed" | "stopped" | "running";
                /** @enum {string|null} */
                side: "source" | "target" | null;
                /** Format: date-time */
                startedAt: string;
                /** @enum {string} */
                step: "resolve" | "connect" | "tls" | "login" | "protect" | "list" | "transfer" | "confirm" | "verify" | "rename" | "cleanup";
            }[];
            /**
             * @description Who has to act first: us (who set up Waybill), the partner, or network (whoever runs the network and the firewalls on the way). Null where nobody has to, or it may pass by itself.
             * @enum {string|null}
             */
            whoActs: "us" | "partner" | "network" | null;
        };
        EndpointTestPage: {
            items: components["schemas"]["EndpointTest"][];
            /** @description Null on the last page. */
            nextCursor: string | null;
        };
        EndpointUpdate: {
            basePath?: string;
            /**
             * Format: uuid
             * @description A certificate of ours (kind client) that is shown to a server which asks for one.
             */
            clientCertificateId?: string | null;
            /** @description How long the server may take to answer at first; 20 s unless told. */
            connectTimeoutMs?: number;
            /**
             * Format: uuid
             * @description An existing credential; or give username and password.
             */
            credentialId?: string;
            host?: string;
            /** @description How long a command may stay unanswered; 60 s unless told. To confirm a transfer the server has twice that, and 120 s at least; to hash a file, 30 minutes. */
            idleTimeoutMs?: number;
            name?: string;
            /** Format: uuid */
            partnerId?: string | null;
            /** @description Sealed for this host and trust policy. Needed again when one of them changes. */
            password?: string;
            /** @description 21 for explicit and plain, 990 for implicit unless told. */
            port?: number;
            /**
             * @description ftps_explicit: AUTH TLS. ftps_implicit: TLS from the first byte. ftps_implicit_zos: TLS right after a greeting in the clear, as z/OS does with SECUREIMPLICITZOS. ftp: no encryption at all; works only under an exception.
             * @enum {string}
             */
            protocol?: "ftps_explicit" | "ftps_implicit" | "ftps_implicit_zos" | "ftp";
            /**
             * Format: uuid
             * @description An existing credential for the proxy; or give proxyUsername and proxyPassword. Null: no login.
             */
            proxyCredentialId?: string | null;
            /** @description Sealed for the host of the proxy. Needed again when that changes. */
            proxyPassword?: string;
            /** @description With proxyPassword: makes a credential for the proxy of settings.proxy. */
            proxyUsername?: string;
            rootName?: string;
            /** @description How Waybill speaks with the server; what is left out stays as it is, or as its default. */
            settings?: {
                /** @description In active mode, our address as the server sees it; by default that of the control connection. */
                activeAddress?: (string) | null;
                /** @description In active mode, the first port that the server may connect to. */
                activePortFrom?: number | null;
                /** @description In active mode, the last port that the server may connect to. */
                activePortTo?: number | null;
                /**
                 * @description What explicit FTPS asks for TLS with: AUTH TLS, or AUTH SSL for servers older than RFC 4217.
                 * @enum {string}
                 */
                authCommand?: "TLS" | "SSL";
                /** @description No more KiB a second than this, each way, over all sessions of a worker; unlimited by default. */
                bandwidthKibPerSecond?: number | null;
                /** @description Commands sent once after each login, such as SITE RECFM=FB on z/OS. */
                commandsAfterLogin?: string[];
                /** @description Commands sent before a session ends; a refusal costs no file, and a test of the connection shows it. */
                commandsBeforeQuit?: string[];
                /**
                 * @description Who opens data connections: we do, to a port that EPSV or else PASV tells (`auto`), or the server does, through our firewall and through no proxy (`active`).
                 * @enum {string}
                 */
                dataMode?: "auto" | "epsv" | "pasv" | "active";
                /**
                 * @description Whether data connections are encrypted (PROT P). In the clear (PROT C) works only under an exception.
                 * @enum {string}
                 */
                dataProtection?: "private" | "clear";
                /** @description How long opening a data connection may take. */
                dataTimeoutMs?: number;
                /**
                 * @description The character set of names and messages; nearly every server speaks UTF-8.
                 * @enum {string}
                 */
                encoding?: "utf-8" | "iso-8859-1" | "iso-8859-15" | "windows-1250" | "windows-1251" | "windows-1252" | "cp437" | "cp850" | "koi8-r" | "shift_jis" | "euc-jp" | "euc-kr" | "gb18030" | "big5";
                /**
                 * @description Which addresses of the host are dialled; `any` takes them in the order of the name service.
                 * @enum {string}
                 */
                ipFamily?: "any" | "ipv4" | "ipv6";
                /** @description Whether a written file gets the time of its source (MFMT), where the server can. */
                keepModifiedTime?: boolean;
                /**
                 * @description How folders are listed: with MLSD where the server offers it, else LIST (`auto`), or always with one of them.
                 * @enum {string}
                 */
                listing?: "auto" | "mlsd" | "list";
                /** @description How many sessions a worker opens on the server at once, over all routes. */
                maxConnections?: number;
                /** @description After so many seconds a session is replaced, before the server forgets its TLS session (often 300 s). */
                maxSessionAgeSeconds?: number;
                /** @description Sends NOOP this often while a long transfer runs, for firewalls that forget; 0 never. */
                noopSeconds?: number;
                /** @description Addresses that PASV may lead to besides the server’s own; by default the address in its answer is not used, which is right behind NAT. */
                passiveHosts?: (string)[];
                /** @description A proxy that every connection to the server goes through; none by default. */
                proxy?: {
                    host: string;
                    /** @enum {string} */
                    kind: "http_connect" | "socks5";
                    port: number;
                    /** @description Whether the proxy looks up the server’s name, where this machine cannot; else Waybill does. */
                    resolvesNames: boolean;
                } | null;
                /** @description Whether a transfer that was cut goes on where it stopped, after a check of what is there. */
                resume?: boolean;
                /** @description Says in the handshake that FTP is meant (ALPN “ftp”), against mix-ups with other protocols. */
                sendAlpn?: boolean;
                /** @description Tells the server in the handshake which name is meant (SNI), so that it shows the right certificate. */
                sendServerName?: boolean;
                /** @description How long a transfer may go without a byte before it is given up. */
                stallTimeoutMs?: number;
                /** @description After so many idle seconds TCP shows a firewall that the connection lives; 0 never. */
                tcpKeepAliveSeconds?: number;
                /** @description The folder for temporary names; it must exist. */
                temporaryFolder?: string | null;
                /**
                 * @description Under which name a file is written until it is complete: one with a prefix or suffix, in a folder, or direct under its final name, for servers that forbid renames.
                 * @enum {string}
                 */
                temporaryName?: "prefix" | "suffix" | "folder" | "direct";
                /** @description What a temporary name begins with, where it has a prefix or is in a folder. */
                temporaryPrefix?: string;
                /** @description What a temporary name ends with. */
                temporarySuffix?: string;
                /**
                 * @description The newest TLS that is offered; lower it only for a server that fails with TLS 1.3.
                 * @enum {string}
                 */
                tlsMaxVersion?: "TLSv1.2" | "TLSv1.3";
                /**
                 * @description Whether data connections resume the TLS session of the control connection, as most servers demand.
                 * @enum {string}
                 */
                tlsResumption?: "required" | "preferred" | "off";
                /**
                 * @description Whether bytes are sent as they are (`binary`). ASCII, in which the server changes line ends so that nothing can be compared, works only under an exception.
                 * @enum {string}
                 */
                transferType?: "binary" | "ascii";
                /**
                 * @description How a written file is compared: by the server’s hash, else its size (`best`); only by the hash (`server_hash`); by reading it again where the server has no strong hash (`read_back`); by its size; or not (`none`), which works only under an exception.
                 * @enum {string}
                 */
                verification?: "best" | "server_hash" | "read_back" | "size" | "none";
                /**
                 * @description What happens when it cannot be told whether a file arrived: a person decides, or the next try of the transfer sends it again; after the last one a person decides.
                 * @enum {string}
                 */
                whenUncertain?: "ask" | "send_again";
            };
            /**
             * @description The oldest TLS that is accepted; TLS 1.2 unless told.
             * @enum {string}
             */
            tlsMinVersion?: "TLSv1.2" | "TLSv1.3";
            trust?: {
                /** @description The CA certificates or pinned keys; needed for chosen_cas and pinned_keys. */
                certificateIds?: string[];
                /**
                 * @description system_cas: the public CAs. chosen_cas: only the listed CA certificates. pinned_keys: only the listed keys. In every mode the certificate must be in its dates, and for the host or the serverName.
                 * @enum {string}
                 */
                mode: "system_cas" | "chosen_cas" | "pinned_keys";
                /** @description The name that the certificate must show, where it is not the host. */
                serverName?: string | null;
            };
            /** @description With password: makes a credential of its own for the endpoint. */
            username?: string;
        };
        Exception: {
            /** Format: date-time */
            approvedAt: string | null;
            approvedBy: string | null;
            /** Format: date-time */
            createdAt: string;
            deviations: ("plain_ftp" | "clear_data" | "no_verification")[];
            /** Format: date-time */
            endedAt: string | null;
            endedBy: string | null;
            endpoint: {
                /** Format: uuid */
                id: string;
                name: string;
            };
            /** Format: date-time */
            endsAt: string;
            /** @description The server that it was asked for; another host of the endpoint is not covered. */
            host: string;
            /** Format: uuid */
            id: string;
            justification: string;
            requestedBy: string;
            /** @description Approved by who asked for it, because there was no other administrator. */
            selfApproved: boolean;
            /**
             * @description in_force: approved, and before its end. expired: past its end. ended: by a person, before that.
             * @enum {string}
             */
            state: "requested" | "in_force" | "expired" | "ended";
        };
        ExceptionPage: {
            items: components["schemas"]["Exception"][];
            /** @description Null on the last page. */
            nextCursor: string | null;
        };
        ExceptionRequest: {
            deviations: ("plain_ftp" | "clear_data" | "no_verification")[];
            /**
             * Format: date-time
             * @description When it ends by itself; within 365 days.
             */
            endsAt: string;
            /** @description Why the deviation is needed, and what makes it bearable. */
            justification: string;
        };
        FtpsSettings: {
            /** @description In active mode, our address as the server sees it; by default that of the control connection. */
            activeAddress: (string) | null;
            /** @description In active mode, the first port that the server may connect to. */
            activePortFrom: number | null;
            /** @description In active mode, the last port that the server may connect to. */
            activePortTo: number | null;
            /**
             * @description What explicit FTPS asks for TLS with: AUTH TLS, or AUTH SSL for servers older than RFC 4217.
             * @enum {string}
             */
            authCommand: "TLS" | "SSL";
            /** @description No more KiB a second than this, each way, over all sessions of a worker; unlimited by default. */
            bandwidthKibPerSecond: number | null;
            /** @description Commands sent once after each login, such as SITE RECFM=FB on z/OS. */
            commandsAfterLogin: string[];
            /** @description Commands sent before a session ends; a refusal costs no file, and a test of the connection shows it. */
            commandsBeforeQuit: string[];
            /**
             * @description Who opens data connections: we do, to a port that EPSV or else PASV tells (`auto`), or the server does, through our firewall and through no proxy (`active`).
             * @enum {string}
             */
            dataMode: "auto" | "epsv" | "pasv" | "active";
            /**
             * @description Whether data connections are encrypted (PROT P). In the clear (PROT C) works only under an exception.
             * @enum {string}
             */
            dataProtection: "private" | "clear";
            /** @description How long opening a data connection may take. */
            dataTimeoutMs: number;
            /**
             * @description The character set of names and messages; nearly every server speaks UTF-8.
             * @enum {string}
             */
            encoding: "utf-8" | "iso-8859-1" | "iso-8859-15" | "windows-1250" | "windows-1251" | "windows-1252" | "cp437" | "cp850" | "koi8-r" | "shift_jis" | "euc-jp" | "euc-kr" | "gb18030" | "big5";
            /**
             * @description Which addresses of the host are dialled; `any` takes them in the order of the name service.
             * @enum {string}
             */
            ipFamily: "any" | "ipv4" | "ipv6";
            /** @description Whether a written file gets the time of its source (MFMT), where the server can. */
            keepModifiedTime: boolean;
            /**
             * @description How folders are listed: with MLSD where the server offers it, else LIST (`auto`), or always with one of them.
             * @enum {string}
             */
            listing: "auto" | "mlsd" | "list";
            /** @description How many sessions a worker opens on the server at once, over all routes. */
            maxConnections: number;
            /** @description After so many seconds a session is replaced, before the server forgets its TLS session (often 300 s). */
            maxSessionAgeSeconds: number;
            /** @description Sends NOOP this often while a long transfer runs, for firewalls that forget; 0 never. */
            noopSeconds: number;
            /** @description Addresses that PASV may lead to besides the server’s own; by default the address in its answer is not used, which is right behind NAT. */
            passiveHosts: (string)[];
            /** @description A proxy that every connection to the server goes through; none by default. */
            proxy: {
                host: string;
                /** @enum {string} */
                kind: "http_connect" | "socks5";
                port: number;
                /** @description Whether the proxy looks up the server’s name, where this machine cannot; else Waybill does. */
                resolvesNames: boolean;
            } | null;
            /** @description Whether a transfer that was cut goes on where it stopped, after a check of what is there. */
            resume: boolean;
            /** @description Says in the handshake that FTP is meant (ALPN “ftp”), against mix-ups with other protocols. */
            sendAlpn: boolean;
            /** @description Tells the server in the handshake which name is meant (SNI), so that it shows the right certificate. */
            sendServerName: boolean;
            /** @description How long a transfer may go without a byte before it is given up. */
            stallTimeoutMs: number;
            /** @description After so many idle seconds TCP shows a firewall that the connection lives; 0 never. */
            tcpKeepAliveSeconds: number;
            /** @description The folder for temporary names; it must exist. */
            temporaryFolder: string | null;
            /**
             * @description Under which name a file is written until it is complete: one with a prefix or suffix, in a folder, or direct under its final name, for servers that forbid renames.
             * @enum {string}
             */
            temporaryName: "prefix" | "suffix" | "folder" | "direct";
            /** @description What a temporary name begins with, where it has a prefix or is in a folder. */
            temporaryPrefix: string;
            /** @description What a temporary name ends with. */
            temporarySuffix: string;
            /**
             * @description The newest TLS that is offered; lower it only for a server that fails with TLS 1.3.
             * @enum {string}
             */
            tlsMaxVersion: "TLSv1.2" | "TLSv1.3";
            /**
             * @description Whether data connections resume the TLS session of the control connection, as most servers demand.
             * @enum {string}
             */
            tlsResumption: "required" | "preferred" | "off";
            /**
             * @description Whether bytes are sent as they are (`binary`). ASCII, in which the server changes line ends so that nothing can be compared, works only under an exception.
             * @enum {string}
             */
            transferType: "binary" | "ascii";
            /**
             * @description How a written file is compared: by the server’s hash, else its size (`best`); only by the hash (`server_hash`); by reading it again where the server has no strong hash (`read_back`); by its size; or not (`none`), which works only under an exception.
             * @enum {string}
             */
            verification: "best" | "server_hash" | "read_back" | "size" | "none";
            /**
             * @description What happens when it cannot be told whether a file arrived: a person decides, or the next try of the transfer sends it again; after the last one a person decides.
             * @enum {string}
             */
            whenUncertain: "ask" | "send_again";
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
        } | {
            /** @enum {string} */
            kind: "pause";
        };
        LocalRoots: {
            items: {
                name: string;
            }[];
        };
        Me: {
            email: string | null;
            /** Format: uuid */
            id: string;
            /** @enum {string} */
            kind: "user" | "api_key";
            name: string;
            permissions: ("partner:read" | "partner:write" | "endpoint:read" | "endpoint:write" | "endpoint:test" | "credential:read" | "credential:write" | "certificate:read" | "certificate:write" | "exception:read" | "exception:request" | "exception:approve" | "route:read" | "route:write" | "schedule:read" | "schedule:write" | "transfer:read" | "transfer:start" | "transfer:cancel" | "audit:read" | "user:read" | "user:write" | "api-key:read" | "api-key:write" | "network:read" | "network:write" | "setting:read" | "setting:write" | "metrics:read")[];
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
            /** @description An address or a range, as in 10.20.1.5 or 10.20.0.0/16. */
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
            /** @description Those that wait for approval, then those in force that end within 14 days; at most ten. */
            exceptions: {
                /** Format: uuid */
                endpointId: string;
                endpointName: string;
                /** Format: date-time */
                endsAt: string;
                /** Format: uuid */
                id: string;
                /**
                 * @description in_force: approved, and before its end. expired: past its end. ended: by a person, before that.
                 * @enum {string}
                 */
                state: "requested" | "in_force" | "expired" | "ended";
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
            /** @description Held now, then failed or partial within 24 hours and not made good by a later transfer of the route that delivered its files, then waiting; the newest of each first, at most ten. */
            troubled: components["schemas"]["TroubledTransfer"][];
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
            code: "invalid_input" | "invalid_cursor" | "not_signed_in" | "sign_in_failed" | "set_up_link_invalid" | "wrong_host" | "wrong_origin" | "forbidden" | "not_found" | "method_not_allowed" | "too_slow" | "name_taken" | "in_use" | "wrong_state" | "paused" | "held" | "idempotency_conflict" | "password_needed" | "last_administrator" | "unprocessable" | "changed_meanwhile" | "too_large" | "too_many_requests" | "headers_too_large" | "internal" | "not_ready";
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
        Route: {
            /** @enum {string} */
            afterAction: "keep" | "delete" | "move";
            archivePath: string | null;
            /** Format: date-time */
            createdAt: string;
            enabled: boolean;
            filePattern: string;
            /** Format: date-time */
            heldAt: string | null;
            heldReason: string | null;
            /** Format: uuid */
            id: string;
            /** @enum {string} */
            ifExists: "replace" | "fail";
            lastTransfer: {
                /** Format: date-time */
                createdAt: string;
                /** Format: uuid */
                id: string;
                state: string;
            } | null;
            maxTries: number;
            name: string;
            /** Format: date-time */
            nextRunAt: string | null;
            partner: {
                /** Format: uuid */
                id: string;
                name: string;
            } | null;
            scheduleCount: number;
            source: {
                /** @description What weakens protection or proof there; works only while an exception covers it. */
                deviations: {
                    /**
                     * Format: uuid
                     * @description The exception in force that permits it; null where none does.
                     */
                    coveredBy: string | null;
                    /** Format: date-time */
                    coveredUntil: string | null;
                    /**
                     * @description plain_ftp: no encryption at all, password included. clear_data: files and listings in the clear (PROT C), the password encrypted. no_verification: written files are not compared.
                     * @enum {string}
                     */
                    kind: "plain_ftp" | "clear_data" | "no_verification";
                }[];
                /** @description Whether this endpoint is on hold: then the route cannot start. */
                held: boolean;
                /** Format: uuid */
                id: string;
                name: string;
                partnerName: string | null;
                protocol: string;
            };
            sourcePath: string;
            target: {
                /** @description What weakens protection or proof there; works only while an exception covers it. */
                deviations: {
                    /**
                     * Format: uuid
                     * @description The exception in force that permits it; null where none does.
                     */
                    coveredBy: string | null;
                    /** Format: date-time */
                    coveredUntil: string | null;
                    /**
                     * @description plain_ftp: no encryption at all, password included. clear_data: files and listings in the clear (PROT C), the password encrypted. no_verification: written files are not compared.
                     * @enum {string}
                     */
                    kind: "plain_ftp" | "clear_data" | "no_verification";
                }[];
                /** @description Whether this endpoint is on hold: then the route cannot start. */
                held: boolean;
                /** Format: uuid */
                id: string;
                name: string;
                partnerName: string | null;
                protocol: string;
            };
            targetPath: string;
            /** Format: date-time */
            updatedAt: string;
        };
        RouteCreate: {
            /**
             * @description What happens to the source after delivery; keep unless told.
             * @enum {string}
             */
            afterAction?: "keep" | "delete" | "move";
            /** @description Where the source goes, with move. */
            archivePath?: string | null;
            /** @description A route that is not enabled starts nothing. What runs ends its try; what is queued or waits for another try is held until the route is enabled again. */
            enabled?: boolean;
            /** @description A glob over file names, as in PAY_*.csv or {a,b}-*.xml. */
            filePattern?: string;
            /**
             * @description What happens when the target has a file of that name; replace unless told.
             * @enum {string}
             */
            ifExists?: "replace" | "fail";
            /** @description 5 unless told. */
            maxTries?: number;
            name: string;
            /** Format: uuid */
            partnerId?: string | null;
            /** Format: uuid */
            sourceEndpointId: string;
            sourcePath: string;
            /** Format: uuid */
            targetEndpointId: string;
            targetPath: string;
        };
        RoutePage: {
            items: components["schemas"]["Route"][];
            /** @description Null on the last page. */
            nextCursor: string | null;
        };
        RouteUpdate: {
            /**
             * @description What happens to the source after delivery; keep unless told.
             * @enum {string}
             */
            afterAction?: "keep" | "delete" | "move";
            /** @description Where the source goes, with move. */
            archivePath?: string | null;
            /** @description A route that is not enabled starts nothing. What runs ends its try; what is queued or waits for another try is held until the route is enabled again. */
            enabled?: boolean;
            /** @description A glob over file names, as in PAY_*.csv or {a,b}-*.xml. */
            filePattern?: string;
            /**
             * @description What happens when the target has a file of that name; replace unless told.
             * @enum {string}
             */
            ifExists?: "replace" | "fail";
            /** @description 5 unless told. */
            maxTries?: number;
            name?: string;
            /** Format: uuid */
            partnerId?: string | null;
            /** Format: uuid */
            sourceEndpointId?: string;
            sourcePath?: string;
            /** Format: uuid */
            targetEndpointId?: string;
            targetPath?: string;
        };
        Schedule: {
            /** Format: date-time */
            createdAt: string;
            cron: string;
            enabled: boolean;
            /** Format: uuid */
            id: string;
            /** Format: date-time */
            lastRunAt: string | null;
            name: string;
            /** Format: date-time */
            nextRunAt: string | null;
            /** @description The next five planned runs. */
            nextRuns: string[];
            route: {
                enabled: boolean;
                held: boolean;
                /** Format: uuid */
                id: string;
                name: string;
            };
            timeZone: string;
            /** Format: date-time */
            updatedAt: string;
        };
        ScheduleCreate: {
            /** @description Five fields: minute, hour, day of month, month, day of week. */
            cron: string;
            enabled?: boolean;
            name: string;
            /** Format: uuid */
            routeId: string;
            /** @description IANA, as in Europe/Zurich. */
            timeZone: string;
        };
        SchedulePage: {
            items: components["schemas"]["Schedule"][];
            /** @description Null on the last page. */
            nextCursor: string | null;
        };
        SchedulePreview: {
            runs: string[];
        };
        ScheduleUpdate: {
            /** @description Five fields: minute, hour, day of month, month, day of week. */
            cron?: string;
            enabled?: boolean;
            name?: string;
            /** @description IANA, as in Europe/Zurich. */
            timeZone?: string;
        };
        SetUp: {
            /** Format: email */
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
        Transfer: {
            /** @description Once it is over: the average over the time in which its tries moved bytes; waits and holds do not count. */
            bytesPerSecond: number | null;
            cancelRequested: boolean;
            /** @enum {string} */
            cause: "manual" | "api" | "schedule" | "resend";
            /** Format: date-time */
            createdAt: string;
            deliveredCount: number;
            /** Format: date-time */
            dueAt: string | null;
            /** @description At which end it failed; null where that is not known. */
            failedEnd: {
                /** Format: uuid */
                endpointId: string;
                endpointName: string;
                /** @description Whether it is a folder of ours. */
                isLocal: boolean;
                /** @enum {string} */
                side: "source" | "target";
            } | null;
            failureKind: string | null;
            failureText: string | null;
            fileCount: number;
            /** @description How many files are in which state. */
            fileStates: {
                [key: string]: number;
            };
            /** Format: date-time */
            finishedAt: string | null;
            /** Format: uuid */
            id: string;
            maxTries: number;
            movedBytes: number;
            /** Format: date-time */
            nextTryAt: string | null;
            /** @description Whether files went in the clear at one end in any of its attempts: over plain FTP, where nothing is encrypted, or with PROT C, where only the control connection is. */
            notEncrypted: boolean;
            partner: {
                /** Format: uuid */
                id: string;
                name: string;
            } | null;
            requestedBy: string;
            /**
             * @description Which files of that transfer are sent again.
             * @enum {string|null}
             */
            resendFiles: "not_delivered" | "all" | null;
            /** Format: uuid */
            resendOfId: string | null;
            resends: {
                /** Format: date-time */
                createdAt: string;
                /** Format: uuid */
                id: string;
                /** @enum {string} */
                state: "queued" | "running" | "waiting" | "held" | "succeeded" | "partial" | "failed" | "cancelled";
            }[];
            route: {
                /** Format: uuid */
                id: string;
                name: string;
            };
            /** Format: uuid */
            scheduleId: string | null;
            /** @description The later transfer of the route since which nothing of this one is left to deliver; null where there is none, or nothing was left. */
            settledBy: {
                /** Format: date-time */
                createdAt: string;
                /** Format: uuid */
                id: string;
                /** @enum {string} */
                state: "queued" | "running" | "waiting" | "held" | "succeeded" | "partial" | "failed" | "cancelled";
            } | null;
            snapshot: {
                /** @enum {string} */
                afterAction: "keep" | "delete" | "move";
                archivePath: string | null;
                filePattern: string;
                /** @enum {string} */
                ifExists: "replace" | "fail";
                maxTries: number;
                name: string;
                /** Format: uuid */
                sourceEndpointId: string;
                sourceEndpointName: string;
                sourcePath: string;
                /** Format: uuid */
                targetEndpointId: string;
                targetEndpointName: string;
                targetPath: string;
            };
            sourceName: string;
            /** Format: date-time */
            startedAt: string | null;
            /** @enum {string} */
            state: "queued" | "running" | "waiting" | "held" | "succeeded" | "partial" | "failed" | "cancelled";
            targetName: string;
            totalBytes: number;
            tryCount: number;
            /** @description While it is queued: the transfer of the same route that goes first, if there is one. */
            waitsFor: {
                /** Format: date-time */
                createdAt: string;
                /** Format: uuid */
                id: string;
                /** @enum {string} */
                state: "queued" | "running" | "waiting" | "held" | "succeeded" | "partial" | "failed" | "cancelled";
            } | null;
            /**
             * @description Who has to act first: us (who set up Waybill), the partner, or network (whoever runs the network and the firewalls on the way). Null where nobody has to, or it may pass by itself.
             * @enum {string|null}
             */
            whoActs: "us" | "partner" | "network" | null;
        };
        TransferFile: {
            /** Format: date-time */
            afterActionAt: string | null;
            attemptCount: number;
            /** Format: date-time */
            deliveredAt: string | null;
            failureKind: string | null;
            failureText: string | null;
            /** Format: uuid */
            id: string;
            /** Format: date-time */
            modifiedAt: string | null;
            movedBytes: number;
            name: string;
            position: number;
            sha256: string | null;
            sizeBytes: number | null;
            /** @description Why it matched and does not go, in words: one that may have arrived already, for example. */
            skipReason: string | null;
            /** @description Below the base folder of its endpoint, as are the paths in the texts of failures and steps. */
            sourcePath: string;
            /** @enum {string} */
            state: "planned" | "moving" | "delivered" | "failed" | "skipped" | "uncertain";
            /** @description Below the base folder of its endpoint. */
            targetPath: string;
            /** @description How it was verified: server_hash (a hash computed by the server), read_back (read again from the target), size, none (both channels said that it was complete), or compared (found at the target by a later try, with the SHA-256 of what was sent). */
            verification: string | null;
            /** @description The hash that was compared: SHA-256, SHA-512, SHA-1, MD5 or CRC32; null where none was. SHA-1, MD5 and CRC32 show accidents, not intent. */
            verificationAlgorithm: string | null;
        };
        TransferFilePage: {
            items: components["schemas"]["TransferFile"][];
            /** @description Null on the last page. */
            nextCursor: string | null;
        };
        TransferPage: {
            items: components["schemas"]["TransferSummary"][];
            /** @description Null on the last page. */
            nextCursor: string | null;
        };
        TransferResend: {
            /**
             * @description Which of its files: what was not delivered, by it or by one that sent it again, unless told; or all, also those that the partner has.
             * @enum {string}
             */
            files?: "not_delivered" | "all";
            reason: string;
        };
        TransferStart: {
            /** Format: uuid */
            routeId: string;
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
            /** @description Whether files went in the clear at one end in any of its attempts: over plain FTP, where nothing is encrypted, or with PROT C, where only the control connection is. */
            notEncrypted: boolean;
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
        TroubledTransfer: {
            cancelRequested: boolean;
            /** @enum {string} */
            cause: "manual" | "api" | "schedule" | "resend";
            /** Format: date-time */
            createdAt: string;
            deliveredCount: number;
            /** @description At which end it failed; null where that is not known. */
            failedEnd: {
                /** Format: uuid */
                endpointId: string;
                endpointName: string;
                /** @description Whether it is a folder of ours. */
                isLocal: boolean;
                /** @enum {string} */
                side: "source" | "target";
            } | null;
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
            /** @description Whether files went in the clear at one end in any of its attempts: over plain FTP, where nothing is encrypted, or with PROT C, where only the control connection is. */
            notEncrypted: boolean;
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
            /** @description Files of which only a person can tell whether they arrived: ask before they are sent again. */
            uncertainCount: number;
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
            /** Format: email */
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
                /** @description Where the page starts: nextCursor of the page before, with the same filters. */
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
                action?: "installation.setup_link_issued" | "installation.set_up" | "installation.set_up_failed" | "user.created" | "user.updated" | "user.password_reset" | "user.password_changed" | "user.password_change_failed" | "user.signed_in" | "user.sign_in_failed" | "user.locked" | "user.signed_out" | "access.denied" | "api_key.created" | "api_key.revoked" | "partner.created" | "partner.updated" | "partner.deleted" | "endpoint.created" | "endpoint.updated" | "endpoint.deleted" | "endpoint.test_requested" | "endpoint.tested" | "endpoint.held" | "endpoint.released" | "credential.created" | "credential.updated" | "credential.password_set" | "credential.seal_dropped" | "credential.deleted" | "certificate.imported" | "certificate.deleted" | "exception.requested" | "exception.approved" | "exception.ended" | "route.created" | "route.updated" | "route.deleted" | "route.held" | "route.released" | "schedule.created" | "schedule.updated" | "schedule.deleted" | "schedule.run_skipped" | "network_allow.created" | "network_allow.deleted" | "installation.paused" | "installation.resumed" | "transfer.requested" | "transfer.started" | "transfer.planned" | "transfer.retry_scheduled" | "transfer.try_requested" | "transfer.held" | "transfer.released" | "transfer.recovered" | "transfer.interrupted" | "transfer.cancel_requested" | "transfer.cancelled" | "transfer.succeeded" | "transfer.ended_partial" | "transfer.failed" | "transfer_file.delivered" | "transfer_file.failed" | "transfer_file.uncertain" | "transfer_file.after_action_done" | "transfer_file.after_action_failed" | "notification.sent" | "notification.failed" | "audit.read";
                actorId?: string;
                /** @description Where the page starts: nextCursor of the page before, with the same filters. */
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
    listCertificates: {
        parameters: {
            query?: {
                /** @description Where the page starts: nextCursor of the page before, with the same filters. */
                cursor?: string;
                kind?: "ca" | "pinned_key" | "client";
                /** @description Rows a page, 50 unless told. */
                limit?: number;
                partnerId?: string;
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
                    "application/json": components["schemas"]["CertificatePage"];
                };
            };
            400: components["responses"]["Problem"];
            401: components["responses"]["Problem"];
            403: components["responses"]["Problem"];
            429: components["responses"]["Problem"];
            default: components["responses"]["Problem"];
        };
    };
    importCertificate: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["CertificateImport"];
            };
        };
        responses: {
            /** @description Created */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Certificate"];
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
    getCertificate: {
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
                    "application/json": components["schemas"]["Certificate"];
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
    deleteCertificate: {
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
    listCredentials: {
        parameters: {
            query?: {
                /** @description Where the page starts: nextCursor of the page before, with the same filters. */
                cursor?: string;
                /** @description Rows a page, 50 unless told. */
                limit?: number;
                partnerId?: string;
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
                    "application/json": components["schemas"]["CredentialPage"];
                };
            };
            400: components["responses"]["Problem"];
            401: components["responses"]["Problem"];
            403: components["responses"]["Problem"];
            429: components["responses"]["Problem"];
            default: components["responses"]["Problem"];
        };
    };
    createCredential: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["CredentialCreate"];
            };
        };
        responses: {
            /** @description Created */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Credential"];
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
    getCredential: {
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
                    "application/json": components["schemas"]["Credential"];
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
    deleteCredential: {
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
    updateCredential: {
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
                "application/json": components["schemas"]["CredentialUpdate"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Credential"];
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
    getEndpointTest: {
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
                    "application/json": components["schemas"]["EndpointTest"];
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
    listEndpoints: {
        parameters: {
            query?: {
                /** @description Where the page starts: nextCursor of the page before, with the same filters. */
                cursor?: string;
                /** @description Only those that deviate from what is required, covered by an exception or not. */
                deviating?: "true";
                held?: "true" | "false";
                /** @description Rows a page, 50 unless told. */
                limit?: number;
                partnerId?: string;
                protocol?: "ftps_explicit" | "ftps_implicit" | "ftps_implicit_zos" | "ftp" | "local_folder";
                /** @description Part of name or host. */
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
                    "application/json": components["schemas"]["EndpointPage"];
                };
            };
            400: components["responses"]["Problem"];
            401: components["responses"]["Problem"];
            403: components["responses"]["Problem"];
            429: components["responses"]["Problem"];
            default: components["responses"]["Problem"];
        };
    };
    createEndpoint: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["EndpointCreate"];
            };
        };
        responses: {
            /** @description Created */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Endpoint"];
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
    getEndpoint: {
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
                    "application/json": components["schemas"]["Endpoint"];
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
    deleteEndpoint: {
        parameters: {
            query?: never;
            header?: {
                /** @description The ETag of the answer that you have read, which is its updatedAt in quotes: the change is refused with 412 where somebody else has made one meanwhile. */
                "If-Match"?: string;
            };
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
            412: components["responses"]["Problem"];
            429: components["responses"]["Problem"];
            default: components["responses"]["Problem"];
        };
    };
    updateEndpoint: {
        parameters: {
            query?: never;
            header?: {
                /** @description The ETag of the answer that you have read, which is its updatedAt in quotes: the change is refused with 412 where somebody else has made one meanwhile. */
                "If-Match"?: string;
            };
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["EndpointUpdate"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Endpoint"];
                };
            };
            400: components["responses"]["Problem"];
            401: components["responses"]["Problem"];
            403: components["responses"]["Problem"];
            404: components["responses"]["Problem"];
            409: components["responses"]["Problem"];
            412: components["responses"]["Problem"];
            429: components["responses"]["Problem"];
            default: components["responses"]["Problem"];
        };
    };
    requestException: {
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
                "application/json": components["schemas"]["ExceptionRequest"];
            };
        };
        responses: {
            /** @description Created */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Exception"];
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
    releaseEndpoint: {
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
                    "application/json": components["schemas"]["Endpoint"];
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
    testEndpoint: {
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
            /** @description Accepted */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["EndpointTest"];
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
    listEndpointTests: {
        parameters: {
            query?: {
                /** @description Where the page starts: nextCursor of the page before, with the same filters. */
                cursor?: string;
                /** @description Rows a page, 50 unless told. */
                limit?: number;
            };
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
                    "application/json": components["schemas"]["EndpointTestPage"];
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
    listExceptions: {
        parameters: {
            query?: {
                /** @description Where the page starts: nextCursor of the page before, with the same filters. */
                cursor?: string;
                endpointId?: string;
                /** @description Rows a page, 50 unless told. */
                limit?: number;
                /** @description in_force: approved, and before its end. expired: past its end. ended: by a person, before that. */
                state?: "requested" | "in_force" | "expired" | "ended";
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
                    "application/json": components["schemas"]["ExceptionPage"];
                };
            };
            400: components["responses"]["Problem"];
            401: components["responses"]["Problem"];
            403: components["responses"]["Problem"];
            429: components["responses"]["Problem"];
            default: components["responses"]["Problem"];
        };
    };
    approveException: {
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
                    "application/json": components["schemas"]["Exception"];
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
    endException: {
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
                    "application/json": components["schemas"]["Exception"];
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
    followLive: {
        parameters: {
            query?: {
                /** @description Only this endpoint test; and pauses. */
                endpointTestId?: string;
                /** @description Only this transfer, with its files; and pauses. */
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
    listLocalRoots: {
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
                    "application/json": components["schemas"]["LocalRoots"];
                };
            };
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
                /** @description Where the page starts: nextCursor of the page before, with the same filters. */
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
                /** @description Where the page starts: nextCursor of the page before, with the same filters. */
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
            header?: {
                /** @description The ETag of the answer that you have read, which is its updatedAt in quotes: the change is refused with 412 where somebody else has made one meanwhile. */
                "If-Match"?: string;
            };
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
            412: components["responses"]["Problem"];
            429: components["responses"]["Problem"];
            default: components["responses"]["Problem"];
        };
    };
    updatePartner: {
        parameters: {
            query?: never;
            header?: {
                /** @description The ETag of the answer that you have read, which is its updatedAt in quotes: the change is refused with 412 where somebody else has made one meanwhile. */
                "If-Match"?: string;
            };
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
            412: components["responses"]["Problem"];
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
    listRoutes: {
        parameters: {
            query?: {
                /** @description Where the page starts: nextCursor of the page before, with the same filters. */
                cursor?: string;
                enabled?: "true" | "false";
                /** @description As source or as target. */
                endpointId?: string;
                held?: "true" | "false";
                /** @description Rows a page, 50 unless told. */
                limit?: number;
                partnerId?: string;
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
                    "application/json": components["schemas"]["RoutePage"];
                };
            };
            400: components["responses"]["Problem"];
            401: components["responses"]["Problem"];
            403: components["responses"]["Problem"];
            429: components["responses"]["Problem"];
            default: components["responses"]["Problem"];
        };
    };
    createRoute: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["RouteCreate"];
            };
        };
        responses: {
            /** @description Created */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Route"];
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
    getRoute: {
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
                    "application/json": components["schemas"]["Route"];
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
    deleteRoute: {
        parameters: {
            query?: never;
            header?: {
                /** @description The ETag of the answer that you have read, which is its updatedAt in quotes: the change is refused with 412 where somebody else has made one meanwhile. */
                "If-Match"?: string;
            };
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
            412: components["responses"]["Problem"];
            429: components["responses"]["Problem"];
            default: components["responses"]["Problem"];
        };
    };
    updateRoute: {
        parameters: {
            query?: never;
            header?: {
                /** @description The ETag of the answer that you have read, which is its updatedAt in quotes: the change is refused with 412 where somebody else has made one meanwhile. */
                "If-Match"?: string;
            };
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["RouteUpdate"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Route"];
                };
            };
            400: components["responses"]["Problem"];
            401: components["responses"]["Problem"];
            403: components["responses"]["Problem"];
            404: components["responses"]["Problem"];
            409: components["responses"]["Problem"];
            412: components["responses"]["Problem"];
            429: components["responses"]["Problem"];
            default: components["responses"]["Problem"];
        };
    };
    releaseRoute: {
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
                    "application/json": components["schemas"]["Route"];
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
    listSchedules: {
        parameters: {
            query?: {
                /** @description Where the page starts: nextCursor of the page before, with the same filters. */
                cursor?: string;
                enabled?: "true" | "false";
                /** @description Rows a page, 50 unless told. */
                limit?: number;
                partnerId?: string;
                routeId?: string;
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
                    "application/json": components["schemas"]["SchedulePage"];
                };
            };
            400: components["responses"]["Problem"];
            401: components["responses"]["Problem"];
            403: components["responses"]["Problem"];
            429: components["responses"]["Problem"];
            default: components["responses"]["Problem"];
        };
    };
    createSchedule: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ScheduleCreate"];
            };
        };
        responses: {
            /** @description Created */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Schedule"];
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
    getSchedule: {
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
                    "application/json": components["schemas"]["Schedule"];
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
    deleteSchedule: {
        parameters: {
            query?: never;
            header?: {
                /** @description The ETag of the answer that you have read, which is its updatedAt in quotes: the change is refused with 412 where somebody else has made one meanwhile. */
                "If-Match"?: string;
            };
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
            412: components["responses"]["Problem"];
            429: components["responses"]["Problem"];
            default: components["responses"]["Problem"];
        };
    };
    updateSchedule: {
        parameters: {
            query?: never;
            header?: {
                /** @description The ETag of the answer that you have read, which is its updatedAt in quotes: the change is refused with 412 where somebody else has made one meanwhile. */
                "If-Match"?: string;
            };
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ScheduleUpdate"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Schedule"];
                };
            };
            400: components["responses"]["Problem"];
            401: components["responses"]["Problem"];
            403: components["responses"]["Problem"];
            404: components["responses"]["Problem"];
            409: components["responses"]["Problem"];
            412: components["responses"]["Problem"];
            429: components["responses"]["Problem"];
            default: components["responses"]["Problem"];
        };
    };
    previewSchedule: {
        parameters: {
            query: {
                /** @description 5 unless told. */
                count?: number;
                /** @description Five fields: minute, hour, day of month, month, day of week. */
                cron: string;
                /** @description IANA, as in Europe/Zurich. */
                timeZone: string;
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
                    "application/json": components["schemas"]["SchedulePreview"];
                };
            };
            400: components["responses"]["Problem"];
            401: components["responses"]["Problem"];
            403: components["responses"]["Problem"];
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
    listTransfers: {
        parameters: {
            query?: {
                cause?: "manual" | "api" | "schedule" | "resend";
                /** @description Where the page starts: nextCursor of the page before, with the same filters. */
                cursor?: string;
                /** @description Ended at or after. */
                finishedFrom?: string;
                /** @description Created at or after. */
                from?: string;
                /** @description Rows a page, 50 unless told. */
                limit?: number;
                /** @description Only what needs somebody: held, waiting for another try, or failed or partial within 24 hours and not made good by a later transfer of the route that delivered its files. */
                needsAttention?: "true";
                partnerId?: string;
                routeId?: string;
                scheduleId?: string;
                /** @description Part of the route name or the start of a file name. */
                search?: string;
                /** @description One state or several, separated by commas. */
                state?: string;
                /** @description Created before. */
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
                    "application/json": components["schemas"]["TransferPage"];
                };
            };
            400: components["responses"]["Problem"];
            401: components["responses"]["Problem"];
            403: components["responses"]["Problem"];
            429: components["responses"]["Problem"];
            default: components["responses"]["Problem"];
        };
    };
    startTransfer: {
        parameters: {
            query?: never;
            header: {
                /** @description The same key and request give the same transfer, never a second one, for 30 days. 1 to 200 characters. */
                "Idempotency-Key": string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["TransferStart"];
            };
        };
        responses: {
            /** @description Created */
            201: {
                headers: {
                    /** @description There where the same key and request came before: the transfer is the one that they started then. */
                    "Idempotency-Replayed"?: "true";
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Transfer"];
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
    getTransfer: {
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
                    "application/json": components["schemas"]["Transfer"];
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
    listAttempts: {
        parameters: {
            query?: {
                /** @description Where the page starts: nextCursor of the page before, with the same filters. */
                cursor?: string;
                fileId?: string;
                /** @description Rows a page, 50 unless told. */
                limit?: number;
            };
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
                    "application/json": components["schemas"]["AttemptPage"];
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
    getAttempt: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                attemptId: string;
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
                    "application/json": components["schemas"]["Attempt"];
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
    cancelTransfer: {
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
                    "application/json": components["schemas"]["Transfer"];
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
    listTransferFiles: {
        parameters: {
            query?: {
                /** @description Where the page starts: nextCursor of the page before, with the same filters. */
                cursor?: string;
                /** @description Rows a page, 50 unless told. */
                limit?: number;
                state?: "planned" | "moving" | "delivered" | "failed" | "skipped" | "uncertain";
            };
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
                    "application/json": components["schemas"]["TransferFilePage"];
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
    resendTransfer: {
        parameters: {
            query?: never;
            header?: {
                /** @description The same key and request give the same transfer, never a second one, for 30 days. 1 to 200 characters. */
                "Idempotency-Key"?: string;
            };
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["TransferResend"];
            };
        };
        responses: {
            /** @description Created */
            201: {
                headers: {
                    /** @description There where the same key and request came before: the transfer is the one that they started then. */
                    "Idempotency-Replayed"?: "true";
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Transfer"];
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
    tryNow: {
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
                    "application/json": components["schemas"]["Transfer"];
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
    listUsers: {
        parameters: {
            query?: {
                /** @description Where the page starts: nextCursor of the page before, with the same filters. */
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
            default: components["responses"]["Problem"];
        };
    };
}
