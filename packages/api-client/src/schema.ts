// Generated from openapi.json by `npm run generate`. Do not edit.
export interface paths {
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
}
export type webhooks = Record<string, never>;
export interface components {
    schemas: {
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
}
