"""The read-only API of employees and KPIs: parameters in, the commands' own documents out.

`routes.py` names the addresses, `questions.py` the parameters, `serializers.py` the answers.
"""
