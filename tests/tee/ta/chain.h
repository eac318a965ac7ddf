/* Applications that open and use one another: `WHO` numbers them. */
#include <tee_internal_api.h>

#define CHAIN_UUID(who) { 0x5b0c3d1e, 0x8a41, 0x4d0b, { 0x9e, 0x11, 0x6c, 0x69, 0x74, 0x65, 0x01, who } }
#define TA_UUID CHAIN_UUID(WHO)
#define TA_STACK_SIZE 0x4000
#define TA_DATA_SIZE 0x8000
#include <user_ta_header.h>

enum command {
	COMMAND_LOGIN = 0,  /* value out: how the client logged in, now and when it opened */
	COMMAND_OPEN = 1,   /* value in: number of an application, sessions to open at most; value out: how many were, the last result */
	COMMAND_INVOKE = 2, /* value in: a command; value out: the result of the last session, and its origin */
	COMMAND_PANIC = 3,
	COMMAND_PANIC_AT_CLOSE = 4,
	COMMAND_CLOSE = 5,  /* the last session */
	COMMAND_RIGHTS = 6, /* memory in; value out: whether it, one byte more, and one byte behind it are private */
	COMMAND_ECC = 7,    /* value out: whether it can be asked for as what it is */
};

static TEE_TASessionHandle last;
static bool panics_at_close;
static uint32_t login_at_open;

TEE_Result TA_CreateEntryPoint(void)
{
	return TEE_SUCCESS;
}

void TA_DestroyEntryPoint(void)
{
}

static uint32_t login(void)
{
	TEE_Identity identity;

	if (TEE_GetPropertyAsIdentity(TEE_PROPSET_CURRENT_CLIENT, "gpd.client.identity", &identity) != TEE_SUCCESS)
		return UINT32_MAX;
	return identity.login;
}

static TEE_Result open_other(uint32_t who, uint32_t level, uint32_t count)
{
	const TEE_UUID uuid = CHAIN_UUID(who);
	TEE_Param params[4] = { { .value = { level, count } } };

	return TEE_OpenTASession(&uuid, TEE_TIMEOUT_INFINITE, TEE_PARAM_TYPES(TEE_PARAM_TYPE_VALUE_INPUT, 0, 0, 0),
				 params, &last, NULL);
}

static TEE_Result open_many(uint32_t who, uint32_t count, uint32_t *opened)
{
	TEE_Result result = TEE_SUCCESS;

	for (*opened = 0; *opened < count; (*opened)++) {
		result = open_other(who, 0, 0);
		if (result != TEE_SUCCESS)
			break;
	}
	return result;
}

/* A level above 0: opens another instance of itself, one level down; at level 1 as many as the second value says, whatever
 * comes of it. */
TEE_Result TA_OpenSessionEntryPoint(uint32_t types, TEE_Param params[4], void **context)
{
	(void)context;
	login_at_open = login();
	if (TEE_PARAM_TYPE_GET(types, 0) != TEE_PARAM_TYPE_VALUE_INPUT)
		return TEE_SUCCESS;
	if (params[0].value.a > 1)
		open_other(WHO, params[0].value.a - 1, params[0].value.b);
	for (uint32_t index = 0; params[0].value.a == 1 && index < params[0].value.b; index++)
		open_other(WHO, 0, 0);
	return TEE_SUCCESS;
}

void TA_CloseSessionEntryPoint(void *context)
{
	(void)context;
	if (panics_at_close)
		TEE_Panic(0x77);
}

static bool is_private(void *buffer, size_t size)
{
	return TEE_CheckMemoryAccessRights(TEE_MEMORY_ACCESS_READ, buffer, size) == TEE_SUCCESS;
}

static void rights(TEE_Param params[4])
{
	char *buffer = params[0].memref.buffer;
	size_t size = params[0].memref.size;

	params[1].value.a = is_private(buffer, size) + 2 * is_private(buffer, size + 1);
	params[1].value.b = is_private(buffer + size, 1);
}

static TEE_Result ecc(TEE_Param params[4])
{
	bool is_there = true;
	TEE_Result result = TEE_GetPropertyAsBool(TEE_PROPSET_TEE_IMPLEMENTATION, "gpd.tee.cryptography.ecc", &is_there);

	params[0].value.a = is_there;
	params[0].value.b = 0;
	return result;
}

TEE_Result TA_InvokeCommandEntryPoint(void *context, uint32_t command, uint32_t types, TEE_Param params[4])
{
	TEE_Param none[4] = { 0 };
	uint32_t origin = 0;

	(void)context;
	(void)types;
	switch (command) {
	case COMMAND_LOGIN:
		params[0].value.a = login();
		params[0].value.b = login_at_open;
		return TEE_SUCCESS;
	case COMMAND_OPEN:
		params[1].value.b = open_many(params[0].value.a, params[0].value.b, &params[1].value.a);
		return TEE_SUCCESS;
	case COMMAND_INVOKE:
		params[1].value.a = TEE_InvokeTACommand(last, TEE_TIMEOUT_INFINITE, params[0].value.a, 0, none, &origin);
		params[1].value.b = origin;
		return TEE_SUCCESS;
	case COMMAND_PANIC:
		TEE_Panic(0x33);
		return TEE_SUCCESS;
	case COMMAND_PANIC_AT_CLOSE:
		panics_at_close = true;
		return TEE_SUCCESS;
	case COMMAND_CLOSE:
		TEE_CloseTASession(last);
		return TEE_SUCCESS;
	case COMMAND_RIGHTS:
		rights(params);
		return TEE_SUCCESS;
	case COMMAND_ECC:
		return ecc(params);
	default:
		return TEE_ERROR_NOT_SUPPORTED;
	}
}
